import type { AttemptId } from '../job/attempt-id.js';
import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

/** Puts back the jobs of attempts that a server was given and does not know of; answers the jobs that went back. */
export function releaseAttempts(
  executor: Executor,
  serverId: string,
  attempts: readonly AttemptId[],
): Promise<PlacedJob[]> {
  const given = JSON.stringify(attempts.map(({ id, attempt }) => ({ id, attempt })));
  return executor.run<PlacedJob>(statement, [serverId, given]);
}

/** I4, as in release-orphans. I5: exactly these attempts, so that nothing which was claimed since is taken away. */
const statement: Statement = {
  name: 'release-attempts',
  text: `
    with given as materialized (
      select id, attempt from json_to_recordset($2::json) as given(id bigint, attempt integer)
    ),
    unknown as materialized (
      select jobs.id
      from firelock.jobs join given using (id, attempt)
      where jobs.state = 'processing' and jobs.server_id = $1
      order by jobs.id
      for update of jobs skip locked
    ),
    released as (
      update firelock.jobs
      set state = 'enqueued', attempt_limit = jobs.attempt_limit + 1, uncounted = jobs.uncounted + 1
      from unknown
      where jobs.id = unknown.id
      returning jobs.id, jobs.queue, jobs.attempt, jobs.started_at
    ),
    recorded as (
      insert into firelock.transitions (job_id, at, from_state, to_state, attempt, server_id, started_at)
      select id, clock_timestamp(), 'processing', 'enqueued', attempt, $1, started_at
      from released
    )
    select id::text as id, queue, null as "dueMs" from released`,
};
