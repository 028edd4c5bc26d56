import type { Socket } from 'node:net';
import type pg from 'pg';

const POLITE_MS = 1000;

/** Ends a connection: politely if Postgres answers, by closing the socket if it does not. Never fails and never waits. */
export function hangUp(client: pg.Client): void {
  // pg keeps its socket to itself, and waits for ever for a peer that is gone.
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  const limit = setTimeout(() => stream.destroy(), POLITE_MS);
  stream.once('close', () => clearTimeout(limit));
  void Promise.resolve(client.end()).catch(() => undefined);
}
