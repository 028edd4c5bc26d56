import type pg from 'pg';
import { type RecoveredJob, recoverLostJobs } from '../src/storage/recover-lost-jobs.js';
import type { Executor } from '../src/storage/statement.js';
import { leaseLockName, renewLease } from '../src/storage/lease.js';
import { watchServers } from '../src/storage/watch.js';

/** The recovery that makes a job a dead letter. */
export const RECOVERY_LIMIT = 3;

/** Lets a server's last heartbeat be long ago, while somebody has looked all the time. */
export async function silence(client: pg.Client, serverId: string): Promise<void> {
  await client.query("update firelock.servers set heartbeat_at = now() - interval '1 min' where id = $1", [
    serverId,
  ]);
  await client.query("update firelock.watch set since = now() - interval '1 h', looked_at = now()");
}

/** Renews a server's lease, without a session to be seen by; false if it was declared lost. */
export async function beat(executor: Executor, serverId: string): Promise<boolean> {
  const rows = await executor.run(renewLease, [serverId, null, leaseLockName('firelock'), false, 0]);
  return rows.length === 1;
}

/** What the server that leads does: declares silent servers lost, and recovers the jobs of those that are gone. */
export async function recoverLost(executor: Executor): Promise<RecoveredJob[]> {
  await watchServers(executor, { schema: 'firelock', serverId: '0', silenceMs: 20_000, absenceMs: 2500 });
  return recoverJobs(executor);
}

/** The second half of it. */
export function recoverJobs(executor: Executor): Promise<RecoveredJob[]> {
  const error = { name: 'ServerLostError', message: 'silent' };
  return recoverLostJobs(executor, { recoveryLimit: RECOVERY_LIMIT, error });
}

/** `running`, `stopped` or `lost`. */
export async function stateOfServer(client: pg.Client, serverId: string): Promise<string | undefined> {
  const { rows } = await client.query<{ state: string }>('select state from firelock.servers where id = $1', [
    serverId,
  ]);
  return rows[0]?.state;
}
