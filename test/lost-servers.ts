import type pg from 'pg';
import { type RecoveredJob, recoverLostJobs } from '../src/storage/recover-lost-jobs.js';
import type { Executor } from '../src/storage/statement.js';

const SILENCE_MS = 20_000;
/** The recovery that makes a job a dead letter. */
export const RECOVERY_LIMIT = 3;

/** Lets a server's last heartbeat be long ago. */
export async function silence(client: pg.Client, serverId: string): Promise<void> {
  await client.query("update firelock.servers set heartbeat_at = now() - interval '1 min' where id = $1", [
    serverId,
  ]);
}

/** What every server does every few seconds: declares silent servers lost, and recovers the jobs of those that are gone. */
export function recoverLost(executor: Executor): Promise<RecoveredJob[]> {
  const error = { name: 'ServerLostError', message: 'silent' };
  return recoverLostJobs(executor, { silenceMs: SILENCE_MS, recoveryLimit: RECOVERY_LIMIT, error });
}

/** `running`, `stopped` or `lost`. */
export async function stateOfServer(client: pg.Client, serverId: string): Promise<string | undefined> {
  const { rows } = await client.query<{ state: string }>('select state from firelock.servers where id = $1', [
    serverId,
  ]);
  return rows[0]?.state;
}
