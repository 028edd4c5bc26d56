import type { ErrorRecord } from '../job/error-record.js';
import { lastError } from './last-error.js';
import type { Executor, Statement } from './statement.js';

export interface RecoveredJob {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly state: 'enqueued' | 'dead';
  readonly serverId: string;
}

export interface RecoveryRules {
  /** The recovery that makes a job a dead letter instead of running it again. */
  readonly recoveryLimit: number;
  /** What is recorded on the lost attempt. */
  readonly error: ErrorRecord;
}

/** Puts the jobs of servers that do not run any more back into their queues. */
export function recoverLostJobs(executor: Executor, rules: RecoveryRules): Promise<RecoveredJob[]> {
  const { recoveryLimit, error } = rules;
  return executor.run<RecoveredJob>(statement, [recoveryLimit, JSON.stringify(error)]);
}

/**
 * I4: a job in `processing` whose server is no longer running goes back to its queue, whether that server was lost or left
 * without giving it back. Raising the attempt limit keeps the attempt from counting: a crash is told by `recoveries`.
 *
 * The last crash allowed ends the job, but only if it ran apart: of jobs that ran side by side nobody can tell which one
 * killed the server, so together they are charged up to the last one but one and no further.
 */
const statement: Statement = {
  name: 'recover-lost-jobs',
  text: `
    with orphans as materialized (
      select id, runs_apart and recoveries + 1 >= $1::integer as spent
      from firelock.jobs
      where state = 'processing'
        and server_id not in (select servers.id from firelock.servers where servers.state = 'running')
      order by id
      for update skip locked
    ),
    recovered as (
      update firelock.jobs
      set
        state = case when spent then 'dead' else 'enqueued' end,
        run_at = case when spent then jobs.run_at else now() end,
        finished_at = case when spent then clock_timestamp() end,
        last_error = ${lastError('$2::jsonb')},
        recoveries = least(jobs.recoveries + 1, case when spent then $1::integer else $1::integer - 1 end),
        attempt_limit = jobs.attempt_limit + 1,
        uncounted = jobs.uncounted + 1
      from orphans
      where jobs.id = orphans.id
      returning jobs.id, jobs.name, jobs.queue, jobs.state, jobs.attempt, jobs.server_id, jobs.started_at
    ),
    recorded as (
      insert into firelock.transitions (job_id, at, from_state, to_state, attempt, server_id, started_at, error)
      select id, clock_timestamp(), 'processing', state, attempt, server_id, started_at, $2::jsonb
      from recovered
    )
    select id::text as id, name, queue, state, server_id::text as "serverId" from recovered`,
};
