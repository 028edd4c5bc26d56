import type { Database } from './database.js';
import type { Statement } from './statement.js';

/** What Postgres says of itself and of our role in it. */
export interface PostgresFacts {
  readonly version: string;
  /** 150020 for 15.20. */
  readonly versionNumber: number;
  readonly role: string;
  readonly database: string;
  readonly inRecovery: boolean;
  /** As in pg_settings: times in their base unit. A setting that this version does not have is missing. */
  readonly settings: Readonly<Record<string, string>>;
  /** How many connections roles like ours may have, and how many there are. */
  readonly connectionLimit: number;
  readonly connections: number;
  readonly schemaExists: boolean;
  readonly mayCreateSchema: boolean;
  readonly mayUseSchema: boolean;
  readonly mayCreateTables: boolean;
  /** For example `delete on jobs`. */
  readonly missingRights: readonly string[];
}

/** @throws what Postgres throws; a row there always is */
export async function readPostgresFacts(database: Database): Promise<PostgresFacts> {
  const [facts] = await database.run<PostgresFacts>(statement, [database.schema]);
  if (facts === undefined) throw new TypeError('a select without from answers one row');
  return facts;
}

/** Asks catalogues only, so that it answers on any version, to any role, and before the first migration. */
const statement: Statement = {
  name: 'doctor-facts',
  text: `
    select
      current_setting('server_version') as version,
      current_setting('server_version_num')::integer as "versionNumber",
      current_user::text as role,
      current_database()::text as database,
      pg_is_in_recovery() as "inRecovery",
      (select json_object_agg(name, setting) from pg_settings) as settings,
      least(
        current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer,
        (select nullif(datconnlimit, -1) from pg_database where datname = current_database()),
        (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user)
      ) as "connectionLimit",
      (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as connections,
      namespace.oid is not null as "schemaExists",
      has_database_privilege(current_database(), 'create') as "mayCreateSchema",
      coalesce(has_schema_privilege(namespace.oid, 'usage'), false) as "mayUseSchema",
      coalesce(has_schema_privilege(namespace.oid, 'create'), false) as "mayCreateTables",
      array(
        select wanted.privilege || ' on ' || pg_class.relname
        from pg_class cross join unnest(array['select', 'insert', 'update', 'delete']) as wanted(privilege)
        where pg_class.relnamespace = namespace.oid
          and pg_class.relkind in ('r', 'p')
          -- the list of migrations is written only by whoever migrates
          and (wanted.privilege = 'select' or pg_class.relname not like 'migrations%')
          and not has_table_privilege(pg_class.oid, wanted.privilege)
        order by 1
      ) as "missingRights"
    from (select to_regnamespace(quote_ident($1))::oid as oid) as namespace`,
};
