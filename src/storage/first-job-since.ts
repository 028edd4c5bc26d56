import type { Executor, Statement } from './statement.js';

/** The first id that is certain not to be before the first job created at the instant or later. */
export async function firstJobSince(executor: Executor, at: Date): Promise<string> {
  const [row] = await executor.run<{ id: string | null }>(statement, [at]);
  return row?.id ?? '0';
}

/**
 * Bisection over the primary key: ids are given in the order of insertion, and a job's created_at is the start of its
 * transaction. Some 25 probes of one row each find the place among ten million rows, which no index on created_at has to be
 * kept for. A transaction that was open for long before it inserted is out of that order: see time-bounds.ts.
 */
const statement: Statement = {
  name: 'first-job-since',
  text: `
    with recursive bounds as (
      select min(id) as low, max(id) + 1 as high from firelock.jobs
      union all
      select
        case when probe.created_at < $1 then probe.id + 1 else bounds.low end,
        case when probe.created_at < $1 then bounds.high else middle.id end
      from bounds
      cross join lateral (select (bounds.low + bounds.high) / 2 as id) as middle
      left join lateral (
        select jobs.id, jobs.created_at from firelock.jobs
        where jobs.id >= middle.id
        order by jobs.id
        limit 1
      ) as probe on true
      where bounds.low < bounds.high
    )
    select low::text as id from bounds order by low desc nulls last limit 1`,
};
