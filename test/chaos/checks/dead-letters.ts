import type { Journal } from '../journal.js';
import type { Queryable } from '../tables.js';
import type { Finding } from './finding.js';

/** A crash of a server that was counted on an innocent job, which three of them made a dead letter. */
interface Crash {
  readonly jobId: string;
  readonly life: string;
}

/** The innocent jobs that the orchestrator retried like an operator, each with its crashes before that, in order. */
export async function retriedJobs(db: Queryable): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await db.query(`
    select retried.job_id as "jobId", servers.name as life
    from chaos.retried
    join firelock.transitions on transitions.job_id = retried.job_id and error ->> 'code' = 'FIRELOCK_SERVER_LOST'
    join firelock.servers on servers.id = transitions.server_id
    order by transitions.id`);
  const crashes = new Map<string, string[]>();
  // The columns of the statement.
  for (const { jobId, life } of rows as Crash[]) crashes.set(jobId, [...(crashes.get(jobId) ?? []), life]);
  return crashes;
}

/** Suspects run apart, so the crash that makes a job a dead letter is never another job's doing. */
export function innocentsWereHit(jobs: ReadonlyMap<string, readonly string[]>, journal: Journal): Finding {
  const struck = new Set(journal.of('struck').map(({ life }) => life));
  const broken = [...jobs]
    .filter(([, lives]) => lives.length < 3 || !struck.has(lives[2] ?? ''))
    .map(([id, lives]) => `job ${id} after ${lives.join(', ')}`);
  return {
    claim:
      'an innocent job is a dead letter only after three crashes, the third by a strike on its own server',
    broken,
  };
}
