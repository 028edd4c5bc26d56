import { Client } from 'pg';
import type { DataDir } from './data-dir.js';
import { readPassword } from './loopback-transport.js';
import type { Postmaster } from './postmaster.js';

interface Address {
  readonly dataDir: DataDir;
  readonly postmaster: Postmaster;
  readonly database: string;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** What `pg`, and every library that reads Postgres' URLs, connects with. It may hold a password: never log it. */
export async function connectionString({ dataDir, postmaster, database }: Address): Promise<string> {
  const { port, socketFolder } = postmaster;
  // `pg` reads the path with decodeURI, which leaves %2F and its like as they are.
  const name = encodeURI(database);
  if (socketFolder !== '') {
    return `postgres://firelock@localhost:${port}/${name}?host=${encodeURIComponent(socketFolder)}`;
  }
  return `postgres://firelock:${await readPassword(dataDir)}@127.0.0.1:${port}/${name}`;
}

/** Creates the database unless it exists; only under the lock. */
export async function ensureDatabase(address: Address): Promise<void> {
  const client = new Client({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    connectionString: await connectionString({ ...address, database: 'postgres' }),
  });
  client.on('error', () => undefined); // the query that fails reports it
  await client.connect();
  try {
    const { database } = address;
    const found = await client.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}
