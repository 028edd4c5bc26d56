import { readFile } from 'node:fs/promises';
import { type Migration, Migrator, sql } from 'kysely';
import { MigrationRequiredError } from '../errors.js';
import type { Database } from './database.js';
import { checkMigrated, migrationNames, migrationsFolder } from './migration-state.js';
import { textInSchema } from './statement.js';

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
  const text = textInSchema(await readFile(new URL(`${name}.sql`, migrationsFolder), 'utf8'), schema);
  return { up: async (db) => void (await sql.raw(text).execute(db)) };
}
