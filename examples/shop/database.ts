import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import type { Settings } from './settings.js';

const dataDir = fileURLToPath(new URL('../../.firelock/postgres', import.meta.url));

export interface RunningDatabase {
  readonly connectionString: string;
  /** For people. */
  readonly description: string;
  readonly stop: () => Promise<void>;
}

/** The Postgres of DATABASE_URL, or else an embedded one. */
export async function startDatabase({ databaseUrl }: Settings): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) {
    const description = 'the Postgres of DATABASE_URL';
    return { connectionString: databaseUrl, description, stop: () => Promise.resolve() };
  }
  const postgres = await startEmbeddedPostgres({ dataDir });
  return {
    connectionString: postgres.connectionString,
    description: 'embedded Postgres in .firelock/postgres',
    stop: () => postgres.stop(),
  };
}

/** Runs `work` in one transaction: what it throws rolls everything back. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (tx: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    return result;
  } catch (error) {
    // If even that fails the connection is broken, and Postgres has rolled back by itself.
    await tx.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    tx.release();
  }
}
