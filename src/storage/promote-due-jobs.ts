import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

export interface Promotion {
  readonly promoted: readonly PlacedJob[];
  /** Milliseconds until the next waiting job is due, by the database's clock; negative if already; null if none waits. */
  readonly nextInMs: number | null;
  readonly nowMs: number;
}

/** Enqueues what is due, at most `limit` scheduled and `limit` failed jobs. */
export async function promoteDueJobs(executor: Executor, limit: number): Promise<Promotion> {
  const rows = await executor.run<Row>(statement, [limit]);
  return {
    promoted: rows.flatMap(({ id, queue }) => (id === null ? [] : [{ id, queue, dueMs: null }])),
    nextInMs: rows[0]?.nextInMs ?? null,
    nowMs: rows[0]?.nowMs ?? Number.NaN,
  };
}

interface Row {
  readonly id: string | null;
  readonly queue: string;
  readonly nextInMs: number | null;
  readonly nowMs: number;
}

/**
 * Scheduled and failed jobs wait under jobs_waiting, out of the claim's sight: a million of them cost a claim nothing.
 * Two scans each, because the index leads with the state. Jobs that another promoter holds are skipped. The next instant
 * is read one row beyond the limit, so that a full batch answers "at once".
 */
const statement: Statement = {
  name: 'promote-due-jobs',
  text: `
    with scheduled as materialized (
      select id from firelock.jobs
      where state = 'scheduled' and run_at <= now()
      order by run_at, id
      limit $1
      for update skip locked
    ),
    failed as materialized (
      select id from firelock.jobs
      where state = 'failed' and run_at <= now()
      order by run_at, id
      limit $1
      for update skip locked
    ),
    due as (select id from scheduled union all select id from failed),
    promoted as (
      update firelock.jobs set state = 'enqueued'
      from due
      where jobs.id = due.id
      returning jobs.id, jobs.queue
    ),
    upcoming as (
      (select run_at from firelock.jobs where state = 'scheduled' order by run_at, id offset $1 limit 1)
      union all
      (select run_at from firelock.jobs where state = 'scheduled' and run_at > now() order by run_at limit 1)
      union all
      (select run_at from firelock.jobs where state = 'failed' order by run_at, id offset $1 limit 1)
      union all
      (select run_at from firelock.jobs where state = 'failed' and run_at > now() order by run_at limit 1)
    ),
    clock as (
      select date_part('epoch', clock_timestamp()) * 1000 as now_ms, date_part('epoch', min(run_at)) * 1000 as next_ms
      from upcoming
    )
    select
      promoted.id::text as id, promoted.queue,
      next_ms - now_ms as "nextInMs", now_ms as "nowMs"
    from clock left join promoted on true`,
};
