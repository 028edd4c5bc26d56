import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.js';

/** What a client sends to Postgres, and what comes back. */
export type Direction = 'questions' | 'answers';

/** What waits in the network. */
interface Held {
  count(): number;
  letGo(): void;
}

interface Hold {
  readonly what: Direction;
  readonly question: string;
  readonly waiting: (() => void)[];
}

/** One connection through the proxy. */
interface Wire {
  readonly client: Socket;
  readonly postgres: Socket;
  /** Where nothing arrives any more, the connection's end included: each side believes that the other lives. */
  readonly lost: Set<Direction>;
  hold: Hold | undefined;
}

const BOTH: readonly Direction[] = ['questions', 'answers'];

/** A TCP proxy in front of a Postgres, on a port of its own: a stretch of network that can be broken. */
export class Proxy {
  readonly #target: () => URL;
  readonly #server: Server;
  readonly #wires = new Set<Wire>();
  /** What new connections lose. */
  #dark: readonly Direction[] = [];
  #refuses = false;
  #fatalQuestion: string | undefined;
  #hold: Hold | undefined;
  #lastPassed = performance.now();

  private constructor(target: () => URL) {
    this.#target = target;
    // Half-open: that a client has ended is told to Postgres, or not, by what happens to its wire.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#lay(client));
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
    this.#fatalQuestion = question;
  }

  /** Questions that hold this text, or the answers on their connections, wait until they are let go. */
  hold(what: Direction, question: string): Held {
    const waiting: Hold['waiting'] = [];
    this.#hold = { what, question, waiting };
    const letGo = () => {
      this.#hold = undefined;
      for (const pass of waiting.splice(0)) pass();
    };
    return { count: () => waiting.length, letGo };
  }

  /** Resolves when nothing has passed for a moment: every question so far has its answer. */
  async silence(): Promise<void> {
    await eventually('nothing passes', () => performance.now() - this.#lastPassed > 100);
  }

  /** The connections there are stay open, but nothing passes through them any more; new ones work. */
  swallow(directions = BOTH): void {
    for (const { lost } of this.#wires) for (const direction of directions) lost.add(direction);
  }

  /** As `swallow`, and new connections are accepted and fare no better, until the network is restored. */
  blackOut(directions = BOTH): void {
    this.#dark = directions;
    this.swallow(directions);
  }

  /** Cuts every connection, and new ones at once, until the network is restored. */
  refuse(): void {
    this.#refuses = true;
    this.cut();
  }

  /** Cuts what is left of before; new connections work. */
  restore(): void {
    this.#refuses = false;
    this.#dark = [];
    this.cut();
  }

  /** Cuts every connection; new ones work. */
  cut(): void {
    this.#fatalQuestion = undefined;
    for (const wire of this.#wires) destroy(wire);
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #lay(client: Socket): void {
    if (this.#refuses) return void client.destroy();
    const postgres = connect({ ...addressOf(this.#target()), allowHalfOpen: true, noDelay: true });
    const wire: Wire = { client, postgres, lost: new Set(this.#dark), hold: undefined };
    this.#wires.add(wire);
    client.on('data', (question) => this.#ask(wire, question));
    postgres.on('data', (answer) => this.#answer(wire, answer));
    for (const [socket, direction] of [
      [client, 'questions'],
      [postgres, 'answers'],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('end', () => wire.lost.has(direction) || destroy(wire));
      socket.on('close', () => {
        if (!wire.lost.has(direction)) destroy(wire);
        if (client.destroyed && postgres.destroyed) this.#wires.delete(wire);
      });
    }
  }

  #ask(wire: Wire, question: Buffer): void {
    if (wire.lost.has('questions')) return;
    if (this.#fatalQuestion !== undefined && question.includes(this.#fatalQuestion)) wire.lost.add('answers');
    if (this.#hold !== undefined && question.includes(this.#hold.question)) wire.hold = this.#hold;
    this.#pass(wire, 'questions', () => wire.postgres.write(question));
  }

  #answer(wire: Wire, answer: Buffer): void {
    this.#lastPassed = performance.now();
    if (wire.lost.has('answers')) return;
    this.#pass(wire, 'answers', () => wire.client.write(answer));
  }

  #pass({ hold }: Wire, what: Direction, pass: () => void): void {
    if (hold !== undefined && hold === this.#hold && hold.what === what) hold.waiting.push(pass);
    else pass();
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
