import { MigrationRequiredError } from '../../errors.js';
import type { Database } from '../../storage/database.js';
import { checkMigrated, migrationNames } from '../../storage/migration-state.js';
import { explain } from '../explanation.js';
import { type Finding, fix, ok } from './finding.js';
import type { PostgresFacts } from '../../storage/postgres-facts.js';

/** Whether the schema is there, is this release's, and may be used. */
export async function checkInstallation(
  database: Database,
  facts: PostgresFacts,
): Promise<readonly Finding[]> {
  if (facts.schemaExists && !mayReadMigrations(facts)) {
    const unknown = fix('migration', 'cannot be read without the rights below. Grant them and look again.');
    return [unknown, checkRights(database.schema, facts, false)];
  }
  const migration = await checkMigration(database);
  return [migration.finding, checkRights(database.schema, facts, migration.pending)];
}

function mayReadMigrations({ mayUseSchema, missingRights }: PostgresFacts): boolean {
  return mayUseSchema && !missingRights.includes('select on migrations');
}

interface Migration {
  readonly finding: Finding;
  readonly pending: boolean;
}

async function checkMigration(database: Database): Promise<Migration> {
  try {
    await checkMigrated(database, database.schema);
    const last = (await migrationNames()).at(-1);
    return {
      finding: ok('migration', `schema '${database.schema}' is at ${last}, as this release wants it`),
      pending: false,
    };
  } catch (error) {
    const text = explain(error);
    if (text === undefined) throw error;
    return { finding: fix('migration', text), pending: error instanceof MigrationRequiredError };
  }
}

/** Migrating takes more rights than using; roles of apps often have only the latter. */
function checkRights(schema: string, facts: PostgresFacts, pending: boolean): Finding {
  const { role, database } = facts;
  const asOwner = "As the schema's owner:";
  if (!facts.schemaExists) {
    if (facts.mayCreateSchema) return ok('rights', `role '${role}' may create schema '${schema}'`);
    return fix(
      'rights',
      `role '${role}' may not create schema '${schema}'. As an administrator: grant create on database "${database}" to "${role}"`,
    );
  }
  if (!facts.mayUseSchema) {
    return fix(
      'rights',
      `role '${role}' may not use schema '${schema}'. ${asOwner} grant usage on schema "${schema}" to "${role}"`,
    );
  }
  if (facts.missingRights.length > 0) {
    const grant = `grant select, insert, update, delete on all tables in schema "${schema}" to "${role}"`;
    return fix('rights', `role '${role}' lacks: ${facts.missingRights.join(', ')}. ${asOwner} ${grant}`);
  }
  if (pending && !facts.mayCreateTables) {
    return fix(
      'rights',
      `role '${role}' may not create tables in schema '${schema}'. Migrate as the schema's owner.`,
    );
  }
  return ok('rights', `role '${role}' may use schema '${schema}'`);
}
