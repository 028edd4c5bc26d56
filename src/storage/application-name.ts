import { createHash } from 'node:crypto';

/** What Postgres keeps of a name: it cuts off the rest. */
const LIMIT = 63;

/**
 * The application_name of the transactions in which a server runs its transactional jobs: by it, those of a lost server are
 * found in pg_stat_activity. A schema whose name is too long for it is told by the beginning and a digest of its name.
 */
export function transactionName(schema: string, serverId: string): string {
  const name = `firelock:${schema}:${serverId}`;
  if (name.length <= LIMIT) return name;
  const digest = createHash('sha256').update(schema).digest('hex').slice(0, 8);
  return `firelock:${schema.slice(0, 20)}~${digest}:${serverId}`;
}
