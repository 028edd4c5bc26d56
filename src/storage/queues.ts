import { priorities } from '../job/priority.js';
import { pauseOf, type QueuePause } from './queue-pauses.js';
import type { Executor, Statement } from './statement.js';
import { COUNT_LIMIT } from './job-counts.js';

/** A queue: jobs wait in it or run from it, a running server takes from it, or it is paused. */
export interface Queue {
  readonly name: string;
  /** Counted up to COUNT_LIMIT. */
  readonly enqueued: number;
  /** How many of its jobs are being processed. */
  readonly running: number;
  /** How many may be at once, on all running servers. */
  readonly slots: number;
  /** The running servers that take from it. */
  readonly servers: readonly QueueServer[];
  readonly pause: QueuePause | undefined;
  /** How long the oldest of its enqueued jobs has been ready; undefined if none waits. */
  readonly oldestMs: number | undefined;
}

interface QueueServer {
  readonly id: string;
  readonly name: string;
  readonly slots: number;
}

/** The first queues that there are in any sense, by name. */
export async function listQueues(executor: Executor, limit: number): Promise<readonly Queue[]> {
  const rows = await executor.run<QueueRow>(statement, [limit]);
  return rows.map(({ pausedAt, pausedBy, pauseReason, oldestMs, ...row }) => ({
    ...row,
    pause: pauseOf({ at: pausedAt, by: pausedBy, reason: pauseReason }),
    oldestMs: oldestMs ?? undefined,
  }));
}

interface QueueRow extends Omit<Queue, 'pause' | 'oldestMs'> {
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly oldestMs: number | null;
}

/** So many of each priority are looked at for the oldest: in the order of claiming they are nearly in the order of age. */
const OLDEST_AMONG = 100;

/**
 * Leaps from queue to queue in the index jobs_ready and reads in each a bounded part: a queue of millions neither costs more
 * than its first 10,000 nor hides the queues behind it. Jobs that run are as many as there are slots at most. A job is ready
 * since it was created, or since its instant, or, if it is to run again, not before its latest attempt began. The odd
 * condition on its priority keeps the planner from reading the table by its primary key until it has met 100 such jobs.
 */
const statement: Statement = {
  name: 'list-queues',
  text: `
    with recursive waiting as (
      (select queue from firelock.jobs where state = 'enqueued' order by queue limit 1)
      union all
      select (
        select jobs.queue from firelock.jobs
        where jobs.state = 'enqueued' and jobs.queue > waiting.queue
        order by jobs.queue
        limit 1
      )
      from waiting
      where waiting.queue is not null
    ),
    processing as materialized (
      select queue, count(*)::integer as running from firelock.jobs where state = 'processing' group by queue
    ),
    taken as materialized (
      select
        taken.queue, sum(taken.slots::integer)::integer as slots,
        json_agg(
          json_build_object('id', servers.id::text, 'name', servers.name, 'slots', taken.slots::integer)
          order by servers.id
        ) as servers
      from firelock.servers cross join lateral jsonb_each_text(queues) as taken(queue, slots)
      where state = 'running'
      group by taken.queue
    ),
    names as (
      (select queue from waiting where queue is not null limit $1)
      union
      select queue from processing
      union
      select queue from taken
      union
      select queue from firelock.queue_pauses
      order by queue
      limit $1
    )
    select
      names.queue as name,
      (
        select count(*)::integer
        from (
          select from firelock.jobs
          where jobs.state = 'enqueued' and jobs.queue = names.queue
          limit ${COUNT_LIMIT}
        ) as counted
      ) as enqueued,
      coalesce(processing.running, 0) as running,
      coalesce(taken.slots, 0) as slots,
      coalesce(taken.servers, '[]') as servers,
      paused_at as "pausedAt", paused_by as "pausedBy", reason as "pauseReason",
      (
        select date_part('epoch', now() - min(least(oldest.ready_at, now()))) * 1000
        from generate_series(0, ${priorities.length - 1}) as ranks(priority)
        cross join lateral (
          select greatest(created_at, run_at, started_at) as ready_at
          from firelock.jobs
          where jobs.state = 'enqueued' and jobs.queue = names.queue
            and jobs.priority between ranks.priority::smallint and ranks.priority::smallint
          order by jobs.priority, jobs.id
          limit ${OLDEST_AMONG}
        ) as oldest
      ) as "oldestMs"
    from names
    left join processing using (queue)
    left join taken using (queue)
    left join firelock.queue_pauses using (queue)
    order by names.queue`,
};
