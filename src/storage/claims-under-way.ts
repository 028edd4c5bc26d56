import type { Executor, Statement } from './statement.js';

/**
 * The transactions, by their virtual ids, that may be claiming at this moment; with `among`, those of them that are still
 * under way.
 */
export async function claimsUnderWay(
  executor: Executor,
  among?: readonly string[],
): Promise<readonly string[]> {
  const rows = await executor.run<{ id: string }>(statement, [among ?? null]);
  return rows.map(({ id }) => id);
}

/**
 * I11: a claim reads the pauses with its own snapshot, which may be older than a pause that is committed meanwhile. It takes
 * its lock on firelock.jobs before that snapshot and keeps it to its end (Postgres locks a statement's tables when it plans
 * it, and takes the snapshot when it runs it, unless somebody has changed the isolation level of its sessions), so a claim that has not seen the pause is among those that hold the lock
 * after the commit, or it has ended. CREATE INDEX CONCURRENTLY waits for older transactions in the same way. Every `for
 * update` on the table holds this lock, those of acts, promotions and expiry too; an insert does not.
 */
const statement: Statement = {
  name: 'claims-under-way',
  text: `
    select distinct virtualtransaction as id
    from pg_locks
    where locktype = 'relation'
      and database = (select oid from pg_database where datname = current_database())
      and relation = 'firelock.jobs'::regclass
      and mode = 'RowShareLock'
      and granted
      and ($1::text[] is null or virtualtransaction = any($1::text[]))`,
};
