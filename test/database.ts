import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { connect } from '../src/storage/connections.js';
import { Database } from '../src/storage/database.js';
import { inDatabase, run } from './global-setup.js';

export interface TestDatabase {
  readonly connectionString: string;
  drop(): Promise<void>;
}

/** A database of one's own, cloned from the migrated template; its schema is `firelock`. Dropped with `drop`. */
export async function freshDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const template = inject('template');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await run(adminUrl, `create database ${name} template ${template}`);
  return {
    connectionString: inDatabase(adminUrl, name),
    drop: () => run(adminUrl, `drop database if exists ${name} with (force)`),
  };
}

/** A database for a whole test file, dropped after its last test. */
export async function fileDatabase(): Promise<string> {
  const database = await freshDatabase();
  afterAll(() => database.drop());
  return database.connectionString;
}

/** A connection for a whole test file, closed after its last test. */
export async function fileConnection(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  afterAll(() => client.end());
  return client;
}

/** The storage layer over a database for a whole test file, closed after its last test. */
export function fileStorage(connectionString: string): Database {
  const database = new Database(
    connect({ connectionString }, () => undefined),
    'firelock',
  );
  afterAll(() => database.close());
  return database;
}
