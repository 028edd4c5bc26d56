import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

/** What a server still holds in memory of a queue. */
export interface Holding {
  readonly serverId: string;
  readonly queue: string;
  readonly heldIds: readonly string[];
}

/** Puts back jobs that Postgres says a server claimed from a queue but that the server never heard of. */
export function releaseOrphans(executor: Executor, holding: Holding): Promise<PlacedJob[]> {
  const { serverId, queue, heldIds } = holding;
  return executor.run<PlacedJob>(statement, [serverId, queue, heldIds]);
}

/**
 * I4: a claim whose answer was lost with its connection may have been committed. The server lives on, so recovery would
 * never see those jobs: it must give them back itself, at a moment when none of its own claims is under way.
 */
const statement: Statement = {
  name: 'release-orphans',
  text: `
    with orphans as materialized (
      select id from firelock.jobs
      where state = 'processing' and server_id = $1 and queue = $2 and id <> all ($3::bigint[])
      order by id
      for update skip locked
    ),
    released as (
      update firelock.jobs
      set state = 'enqueued', attempt_limit = jobs.attempt_limit + 1, uncounted = jobs.uncounted + 1
      from orphans
      where jobs.id = orphans.id
      returning jobs.id, jobs.queue, jobs.attempt, jobs.started_at
    ),
    recorded as (
      insert into firelock.transitions (job_id, at, from_state, to_state, attempt, server_id, started_at)
      select id, clock_timestamp(), 'processing', 'enqueued', attempt, $1, started_at
      from released
    )
    select id::text as id, queue, null as "dueMs" from released`,
};
