import { Socket } from 'node:net';
import type pg from 'pg';
import { endsWithin } from './time-limit.js';

/** Postgres closes a connection at once when it is told to, unless the network has lost it. */
const END_LIMIT_MS = 2000;
const CUT_LIMIT_MS = 500;

/** Waits for the polite end of connections, and cuts off those that do not come to it. */
export async function endOrCutOff(end: Promise<unknown>, cutOff: () => void): Promise<void> {
  if (await endsWithin(END_LIMIT_MS, end)) return;
  cutOff();
  await endsWithin(CUT_LIMIT_MS, end);
}

/** Ends a connection, even one whose peer is gone. Never fails. */
export async function hangUp(client: pg.Client): Promise<void> {
  const ended = client.end().catch(() => undefined);
  await endOrCutOff(ended, () => client.connection.stream.destroy());
}

/** The sockets of a pool: pg can cut off none of them while a query waits for its answer. */
export class Sockets {
  readonly #open = new Set<Socket>();

  /** To be given to pg as `stream`. */
  readonly open = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    return socket.once('close', () => this.#open.delete(socket));
  };

  cutOff(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
