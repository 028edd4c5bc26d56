import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

/** A stretch of network between a client and Postgres that a test can break. */
export interface Network {
  readonly connectionString: string;
  /** Questions that hold this text arrive, but their answers, and all that follow on their connection, are lost. */
  loseAnswersTo(question: string): void;
  /** Questions that hold this text, or the answers on their connections, wait until they are let go. */
  hold(what: 'questions' | 'answers', question: string): Held;
  /** Resolves when nothing has passed for a moment: every question so far has its answer. */
  silence(): Promise<void>;
  /** The connections there are stay open, but nothing passes through them any more; new ones work. */
  swallow(): void;
  /** As `swallow`, and new connections are accepted and hear nothing either, until the network is restored. */
  blackOut(): void;
  /** Cuts every connection, and new ones at once, until the network is restored. */
  refuse(): void;
  restore(): void;
  /** Cuts every connection; new ones work. */
  cut(): void;
}

/** What waits in the network. */
interface Held {
  count(): number;
  letGo(): void;
}

/** A TCP proxy in front of the Postgres of a connection string, on a port of its own. */
export async function networkTo(connectionString: string): Promise<Network> {
  const url = new URL(connectionString);
  const pairs = new Set<readonly [Socket, Socket]>();
  const swallowing = new WeakSet<readonly [Socket, Socket]>();
  let lost: string | undefined;
  let fate: 'passes' | 'is swallowed' | 'is refused' = 'passes';
  let held:
    | { readonly what: string; readonly question: string; readonly waiting: (() => void)[] }
    | undefined;
  let lastPassed = performance.now();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (fate === 'is refused') return void client.destroy();
    const postgres = connect(addressOf(url));
    const pair = [client, postgres] as const;
    pairs.add(pair);
    if (fate === 'is swallowed') swallowing.add(pair);
    let answersArrive = true;
    let asked: typeof held;
    client.on('data', (question) => {
      if (swallowing.has(pair)) return;
      if (lost !== undefined && question.includes(lost)) answersArrive = false;
      if (held !== undefined && question.includes(held.question)) asked = held;
      if (asked !== undefined && asked === held && asked.what === 'questions')
        asked.waiting.push(() => postgres.write(question));
      else postgres.write(question);
    });
    postgres.on('data', (answer) => {
      lastPassed = performance.now();
      if (!answersArrive || swallowing.has(pair)) return;
      if (asked !== undefined && asked === held && asked.what === 'answers')
        asked.waiting.push(() => client.write(answer));
      else client.write(answer);
    });
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('end', () => swallowing.has(pair) || socket.destroy());
      socket.on('close', () => {
        if (swallowing.has(pair) && !client.destroyed) return;
        pairs.delete(pair);
        client.destroy();
        postgres.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    lost = undefined;
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const swallow = () => pairs.forEach((pair) => swallowing.add(pair));
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    // A server that listens on TCP has an address of this kind.
    connectionString: through(url, server.address() as AddressInfo),
    loseAnswersTo: (question) => void (lost = question),
    hold: (what, question) => {
      const own = { what, question, waiting: [] as (() => void)[] };
      held = own;
      const letGo = () => {
        held = undefined;
        for (const pass of own.waiting.splice(0)) pass();
      };
      return { count: () => own.waiting.length, letGo };
    },
    silence: () =>
      eventually('nothing passes', () => performance.now() - lastPassed > 100).then(() => undefined),
    swallow,
    blackOut: () => {
      fate = 'is swallowed';
      swallow();
    },
    refuse: () => {
      fate = 'is refused';
      cut();
    },
    restore: () => {
      fate = 'passes';
      cut();
    },
    cut,
  };
}

/** A `host` parameter that is a path means a Unix socket, as in libpq. */
function addressOf(url: URL): { readonly path: string } | { readonly host: string; readonly port: number } {
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  return folder === null ? { host: url.hostname, port } : { path: `${folder}/.s.PGSQL.${port}` };
}

function through(url: URL, { port }: AddressInfo): string {
  const proxied = new URL(url);
  proxied.searchParams.delete('host');
  proxied.hostname = '127.0.0.1';
  proxied.port = String(port);
  return proxied.href;
}
