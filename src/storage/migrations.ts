import { readdir, readFile } from 'node:fs/promises';
import { type Migration, Migrator, sql } from 'kysely';
import { MigrationRequiredError, NewerSchemaError } from '../errors.js';
import type { Database } from './database.js';
import { type Executor, type Statement, textInSchema } from './statement.js';

const folder = new URL('../../migrations/', import.meta.url);
const FILE = /^(\d{4}_[a-z0-9_]+)\.sql$/;

/**
 * Brings the schema to this release's state and returns the names of the migrations that were applied. May be run by
 * several processes at once: kysely's Migrator holds an advisory lock, and all pending migrations are one transaction.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  await refuseNewerSchema(database);
  const migrator = new Migrator({
    db: database.kysely,
    migrationTableSchema: database.schema,
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
    provider: { getMigrations: () => migrations(database.schema) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.map((result) => result.migrationName);
}

/** The names of all migrations of this release, in order. */
export async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(folder);
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

async function refuseNewerSchema(database: Database): Promise<void> {
  await checkMigrated(database, database.schema).catch((error: unknown) => {
    if (!(error instanceof MigrationRequiredError)) throw error;
  });
}

async function migrations(schema: string): Promise<Record<string, Migration>> {
  const names = await migrationNames();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await migration(name, schema)] as const)),
  );
}

async function migration(name: string, schema: string): Promise<Migration> {
  const text = textInSchema(await readFile(new URL(`${name}.sql`, folder), 'utf8'), schema);
  return { up: async (db) => void (await sql.raw(text).execute(db)) };
}
