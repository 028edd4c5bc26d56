import type { ErrorRecord } from '../job/error-record.js';
import type { Executor, Statement } from './statement.js';

export interface RecoveredJob {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly state: 'enqueued' | 'dead';
  readonly serverId: string;
}

export interface RecoveryRules {
  /** A server silent for this long is lost. */
  readonly silenceMs: number;
  /** The recovery that makes a job a dead letter instead of running it again. */
  readonly recoveryLimit: number;
  /** What is recorded on the lost attempt. */
  readonly error: ErrorRecord;
}

/** Declares silent servers lost and puts their jobs back into their queues. */
export function recoverLostJobs(executor: Executor, rules: RecoveryRules): Promise<RecoveredJob[]> {
  const { silenceMs, recoveryLimit, error } = rules;
  return executor.run<RecoveredJob>(statement, [silenceMs, recoveryLimit, JSON.stringify(error)]);
}

/**
 * I4: a job in `processing` whose server is no longer running goes back to its queue, whether that server fell silent just
 * now or left earlier without giving it back. Raising the attempt limit keeps the attempt from counting: a crash is told
 * by `recoveries`, and the last one allowed ends the job, because it may be the job that kills its servers.
 */
const statement: Statement = {
  name: 'recover-lost-jobs',
  text: `
    with lost as (
      update firelock.servers
      set state = 'lost', stopped_at = now()
      where state = 'running' and heartbeat_at < now() - $1::double precision * interval '1 millisecond'
      returning id
    ),
    orphans as materialized (
      select id, recoveries + 1 >= $2 as spent
      from firelock.jobs
      where state = 'processing'
        and (
          server_id in (select lost.id from lost)
          or server_id not in (select servers.id from firelock.servers where servers.state = 'running')
        )
      order by id
      for update skip locked
    ),
    recovered as (
      update firelock.jobs
      set
        state = case when spent then 'dead' else 'enqueued' end,
        finished_at = case when spent then clock_timestamp() end,
        recoveries = jobs.recoveries + 1,
        attempt_limit = jobs.attempt_limit + 1,
        uncounted = jobs.uncounted + 1
      from orphans
      where jobs.id = orphans.id
      returning jobs.id, jobs.name, jobs.queue, jobs.state, jobs.attempt, jobs.server_id, jobs.started_at
    ),
    recorded as (
      insert into firelock.transitions (job_id, from_state, to_state, attempt, server_id, started_at, error)
      select id, 'processing', state, attempt, server_id, started_at, $3::jsonb
      from recovered
    )
    select id::text as id, name, queue, state, server_id::text as "serverId" from recovered`,
};
