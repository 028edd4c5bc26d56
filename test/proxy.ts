import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.js';

/** What passes from a client to Postgres, and what comes back. */
export type Direction = 'questions' | 'answers';

/** One connection: a socket to the client and one to Postgres. */
interface Wire {
  readonly client: Socket;
  readonly postgres: Socket;
  /** What it has lost makes no sense of the rest: it can only be cut. */
  torn: boolean;
  answersArrive: boolean;
}

/** A TCP proxy in front of a Postgres, on a port of its own: a stretch of network that can be broken. */
export class Proxy {
  readonly #target: () => URL;
  readonly #server: Server;
  readonly #wires = new Set<Wire>();
  #deaf: readonly Direction[] = [];
  #lost: string | undefined;
  #lastPassed = performance.now();

  private constructor(target: () => URL) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (client) => this.#lay(client));
  }

  /** The target is asked for at each new connection: a Postgres that was restarted may listen elsewhere. */
  static async to(target: () => string): Promise<Proxy> {
    const proxy = new Proxy(() => new URL(target()));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get connectionString(): string {
    const url = this.#target();
    url.searchParams.delete('host');
    url.hostname = '127.0.0.1';
    // A server that listens on TCP has an address of this kind.
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Questions that hold this text arrive, but their answers, and all that follow on their connection, are lost. */
  loseAnswersTo(question: string): void {
    this.#lost = question;
  }

  /** Resolves when nothing has passed for a moment: every question so far has its answer. */
  async silence(): Promise<void> {
    await eventually('nothing passes', () => performance.now() - this.#lastPassed > 100);
  }

  /** Cuts every connection; new ones work. */
  cut(): void {
    this.#lost = undefined;
    for (const wire of this.#wires) destroy(wire);
  }

  /**
   * Swallows what goes in these directions, the ends of connections included: they stay open and half-open ones are never
   * noticed, as when a cable is pulled. New connections fare no better.
   */
  deafen(directions: readonly Direction[]): void {
    this.#deaf = directions;
  }

  /** Connections that have lost something are cut, as by the first packet to a peer that has forgotten them; new ones work. */
  hear(): void {
    this.#deaf = [];
    for (const wire of this.#wires) if (wire.torn) destroy(wire);
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #lay(client: Socket): void {
    const postgres = connect({ ...addressOf(this.#target()), noDelay: true });
    const wire = { client, postgres, torn: false, answersArrive: true };
    this.#wires.add(wire);
    client.on('data', (question) => {
      if (this.#lost !== undefined && question.includes(this.#lost)) wire.answersArrive = false;
      if (this.#passes(wire, 'questions')) postgres.write(question);
    });
    postgres.on('data', (answer) => {
      this.#lastPassed = performance.now();
      if (wire.answersArrive && this.#passes(wire, 'answers')) client.write(answer);
    });
    for (const socket of [client, postgres]) socket.on('error', () => undefined);
    client.on('close', () => this.#ended(wire, 'questions'));
    postgres.on('close', () => this.#ended(wire, 'answers'));
  }

  #ended(wire: Wire, direction: Direction): void {
    if (this.#passes(wire, direction)) destroy(wire);
    if (wire.client.destroyed && wire.postgres.destroyed) this.#wires.delete(wire);
  }

  #passes(wire: Wire, direction: Direction): boolean {
    if (!this.#deaf.includes(direction)) return true;
    wire.torn = true;
    return false;
  }
}

function destroy({ client, postgres }: Wire): void {
  client.destroy();
  postgres.destroy();
}

/** A `host` parameter that is a path means a Unix socket, as in libpq. */
function addressOf(url: URL): { readonly path: string } | { readonly host: string; readonly port: number } {
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  return folder === null ? { host: url.hostname, port } : { path: `${folder}/.s.PGSQL.${port}` };
}
