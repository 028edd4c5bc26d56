import type { State } from '../job/state.js';
import type { Executor, Statement } from './statement.js';

export interface Expiry {
  readonly state: Extract<State, 'succeeded' | 'dead' | 'deleted'>;
  /** Jobs that ended longer ago than this are removed. */
  readonly retentionMs: number;
  readonly limit: number;
}

/** Removes the oldest jobs whose retention is over, with their history and what their handlers told; answers how many. */
export async function expireJobs(executor: Executor, { state, retentionMs, limit }: Expiry): Promise<number> {
  const [answer] = await executor.run<{ expired: number }>(statement, [state, retentionMs, limit]);
  return answer?.expired ?? 0;
}

/**
 * Bounded batches in the order of jobs_done: no long transaction, no bloat at once, and several servers may share it. The
 * history of a recurring job keeps how its runs ended. Tags are looked up one by one, by their key: of a `limit` that it does
 * not know the planner expects a tenth of the table, and would read all of them.
 */
const statement: Statement = {
  name: 'expire-jobs',
  text: `
    with old as materialized (
      select id from firelock.jobs
      where state = $1 and finished_at < now() - $2::double precision * interval '1 millisecond'
      order by finished_at, id
      limit $3
      for update skip locked
    ),
    expired as (
      delete from firelock.jobs using old
      where jobs.id = old.id
      returning jobs.id, jobs.recurring_job_id, jobs.state, jobs.started_at, jobs.finished_at, jobs.tags
    ),
    remembered as (
      update firelock.recurring_runs
      set job_state = expired.state, started_at = expired.started_at, ended_at = expired.finished_at
      from expired
      where expired.recurring_job_id is not null and recurring_runs.job_id = expired.id
    ),
    forgotten as (
      delete from firelock.transitions using expired where transitions.job_id = expired.id
    ),
    untagged as (
      delete from firelock.job_tags
      where ctid = any (
        array(
          select entry.place
          from expired
          cross join lateral unnest(expired.tags) as given(tag)
          cross join lateral (
            select job_tags.ctid as place
            from firelock.job_tags
            where job_tags.tag = given.tag and job_tags.job_id = expired.id
            limit 1
          ) as entry
        )
      )
    ),
    unlogged as (
      delete from firelock.job_logs using expired where job_logs.job_id = expired.id
    ),
    unbarred as (
      delete from firelock.progress_bars using expired where progress_bars.job_id = expired.id
    )
    select count(*)::integer as expired from expired`,
};
