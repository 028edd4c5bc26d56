import { readdir } from 'node:fs/promises';
import { MigrationRequiredError, NewerSchemaError } from '../errors.js';
import type { Executor, Statement } from './statement.js';

/** Where the migrations lie: as far from src/storage as from dist/storage. */
export const migrationsFolder = new URL('../../migrations/', import.meta.url);
const FILE = /^(\d{4}_[a-z0-9_]+)\.sql$/;

/** The names of all migrations of this release, in order. */
export async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(migrationsFolder);
  return files.flatMap((file) => FILE.exec(file)?.[1] ?? []).toSorted();
}

/**
 * Whether this release fits the database.
 * @throws MigrationRequiredError, NewerSchemaError
 */
export async function checkMigrated(executor: Executor, schema: string): Promise<void> {
  const [applied, known] = await Promise.all([appliedMigrations(executor), migrationNames()]);
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new NewerSchemaError(schema, unknown);
  if (applied.length < known.length) throw new MigrationRequiredError(schema);
}

// to_regclass answers null for a missing table, where a plain select would abort the caller's transaction.
const findTable: Statement = {
  name: 'find-migrations-table',
  text: `select to_regclass('firelock.migrations') is not null as exists`,
};

const listApplied: Statement = {
  name: 'list-applied-migrations',
  text: `select name from firelock.migrations order by name`,
};

async function appliedMigrations(executor: Executor): Promise<readonly string[]> {
  const [table] = await executor.run<{ exists: boolean }>(findTable);
  if (table?.exists !== true) return [];
  return (await executor.run<{ name: string }>(listApplied)).map((row) => row.name);
}
