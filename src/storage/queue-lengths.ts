import type { Executor, Statement } from './statement.js';
import { COUNT_LIMIT } from './job-counts.js';

/** A queue in which jobs wait. */
export interface QueueLength {
  readonly queue: string;
  /** Counted up to COUNT_LIMIT. */
  readonly enqueued: number;
}

/** The first queues, by name, in which jobs wait. */
export function queueLengths(executor: Executor, limit: number): Promise<QueueLength[]> {
  return executor.run<QueueLength>(statement, [limit]);
}

/**
 * Leaps from queue to queue in the index jobs_ready and counts in each up to the limit: a queue of millions neither costs
 * more than its first 10,000 nor hides the queues behind it.
 */
const statement: Statement = {
  name: 'queue-lengths',
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
    )
    select
      queue,
      (
        select count(*)::integer
        from (
          select from firelock.jobs
          where jobs.state = 'enqueued' and jobs.queue = waiting.queue
          limit ${COUNT_LIMIT}
        ) as counted
      ) as enqueued
    from waiting
    where queue is not null
    limit $1`,
};
