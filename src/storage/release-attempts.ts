import type { AttemptId } from '../job/attempt-id.js';
import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

/** What a server still holds in memory of a queue. */
export interface Holding {
  readonly serverId: string;
  readonly queue: string;
  readonly heldIds: readonly string[];
}

/**
 * Puts back what Postgres says a server claimed from a queue but the server never heard of; answers the jobs that went back.
 * To be called while none of its own claims from the queue is under way.
 */
export function releaseOrphans(executor: Executor, holding: Holding): Promise<PlacedJob[]> {
  const { serverId, queue, heldIds } = holding;
  return executor.run<PlacedJob>(orphansStatement, [serverId, queue, heldIds]);
}

/** The same for attempts that are known to be orphans, at any time (I5: nothing that was claimed since is taken away). */
export function releaseAttempts(
  executor: Executor,
  serverId: string,
  attempts: readonly AttemptId[],
): Promise<PlacedJob[]> {
  const given = JSON.stringify(attempts.map(({ id, attempt }) => ({ id, attempt })));
  return executor.run<PlacedJob>(attemptsStatement, [serverId, given]);
}

const orphansStatement: Statement = {
  name: 'release-orphans',
  text: releasing('jobs.queue = $2 and jobs.id <> all ($3::bigint[])'),
};

const attemptsStatement: Statement = {
  name: 'release-attempts',
  text: releasing(`(jobs.id, jobs.attempt) in (
        select id, attempt from json_to_recordset($2::json) as given(id bigint, attempt integer)
      )`),
};

/**
 * I4: a claim whose answer was lost with its connection may have been committed. The server lives on, so recovery would
 * never see those jobs: it must give them back itself.
 */
function releasing(orphaned: string): string {
  return `
    with orphans as materialized (
      select id from firelock.jobs
      where state = 'processing' and server_id = $1 and ${orphaned}
      order by id
      for update skip locked
    ),
    released as (
      update firelock.jobs
      set state = 'enqueued', run_at = now(), attempt_limit = jobs.attempt_limit + 1, uncounted = jobs.uncounted + 1
      from orphans
      where jobs.id = orphans.id
      returning jobs.id, jobs.queue, jobs.attempt, jobs.started_at
    ),
    recorded as (
      insert into firelock.transitions (job_id, at, from_state, to_state, attempt, server_id, started_at)
      select id, clock_timestamp(), 'processing', 'enqueued', attempt, $1, started_at
      from released
    )
    select id::text as id, queue, null as "dueMs" from released`;
}
