import type { Database } from './database.js';
import type { Statement } from './statement.js';

/** The `application_name` under which a server runs the transactions of its jobs; Postgres keeps 63 bytes of it. */
export function transactionName(schema: string, serverId: string): string {
  return `firelock:${schema}:${serverId}`;
}

/**
 * Ends the transactions that lost servers' jobs have left open: a machine that vanished, or a process that stands still,
 * would hold their locks for as long as its connection seems to live.
 */
export async function endTransactionsOf(database: Database, serverIds: readonly string[]): Promise<void> {
  await database.run(statement, [serverIds.map((id) => transactionName(database.schema, id))]);
}

const statement: Statement = {
  name: 'end-transactions',
  text: `
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and application_name = any($1::text[]) and pid <> pg_backend_pid()`,
};
