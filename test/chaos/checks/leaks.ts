import { eventually } from '../../eventually.js';
import type { Life } from '../life.js';
import type { Queryable } from '../tables.js';
import { type Finding, linesOf } from './finding.js';

/** What is given back lately is given back: Postgres notices the end of a connection in its own time. */
const LIMIT_MS = 10_000;

const REMAINS = `
  select 'server ' || id || ' (' || name || ') is on record as running' as line
  from firelock.servers
  where state = 'running' and name <> all ($1)
  union all
  select name || ' is on record as ' || count(*) || ' running servers'
  from firelock.servers
  where state = 'running'
  group by name
  having count(*) > 1
  union all
  select 'job ' || id || ' is on record as processing' from firelock.jobs where state = 'processing'
  union all
  select 'a connection of ' || application_name || ', ' || coalesce(state, '') || ' since ' || state_change
  from pg_stat_activity
  where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
    and application_name <> all ($1) and application_name <> all ($2)
  union all
  select 'an advisory lock of ' || application_name
  from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and application_name <> all ($1) and pg_locks.database = (
    select oid from pg_database where datname = current_database()
  )`;

/** While servers live, and after all have left: nothing is there that belongs to a process that has gone. */
export async function nothingRemains(
  db: Queryable,
  alive: readonly Life[],
  others: readonly string[],
): Promise<Finding> {
  const names = alive.map(({ name }) => name);
  let broken: readonly string[] = [];
  const look = async () => {
    broken = await linesOf(db, REMAINS, [names, others]);
    return broken.length === 0;
  };
  await eventually('nothing remains', look, LIMIT_MS).catch(() => undefined);
  const when = alive.length > 0 ? 'while the servers live' : 'when the servers have left';
  return { claim: `nothing of a process that has gone remains, ${when}`, broken };
}
