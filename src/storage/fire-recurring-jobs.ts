import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

export interface DueRecurringJob {
  readonly id: string;
  readonly schedule: string;
  readonly timeZone: string;
  /** The occurrence that is due, as Postgres writes it: exact to the microsecond, which a Date is not. */
  readonly occurrence: string;
  /** The database's clock, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The recurring jobs that are due, in their order. */
export function findDueRecurringJobs(executor: Executor, limit: number): Promise<DueRecurringJob[]> {
  return executor.run<DueRecurringJob>(dueStatement, [limit]);
}

const dueStatement: Statement = {
  name: 'find-due-recurring-jobs',
  text: `
    select
      id, schedule, time_zone as "timeZone",
      next_run_at::text as occurrence,
      date_part('epoch', clock_timestamp()) * 1000 as "nowMs"
    from firelock.recurring_jobs
    where next_run_at <= now()
    order by next_run_at, id
    limit $1`,
};

export interface Firing {
  readonly id: string;
  readonly occurrence: string;
  /** Undefined: the schedule never fires again. */
  readonly next: Date | undefined;
}

/** Fires occurrences: creates their jobs and moves each schedule on. Answers the jobs that this call created. */
export function fireRecurringJobs(executor: Executor, firings: readonly Firing[]): Promise<PlacedJob[]> {
  return executor.run<PlacedJob>(fireStatement, [JSON.stringify(firings)]);
}

/**
 * I7: an occurrence fires only while the recurring job's next instant is still that occurrence, and firing moves it on in
 * the same statement: of any number of servers that saw it due, one creates the job. The unique index jobs_occurrence
 * says the same once more, should a clock go back.
 */
const fireStatement: Statement = {
  name: 'fire-recurring-jobs',
  text: `
    with due as materialized (
      select recurring_jobs.*, firings.occurrence, firings.next
      from firelock.recurring_jobs
      join json_to_recordset($1::json) as firings(id text, occurrence timestamptz, next timestamptz)
        on recurring_jobs.id = firings.id and recurring_jobs.next_run_at = firings.occurrence
      order by recurring_jobs.id
      for update of recurring_jobs skip locked
    ),
    created as (
      insert into firelock.jobs (
        name, queue, priority, attempt_limit, args, state, recurring_job_id, occurrence
      )
      select name, queue, priority, attempt_limit, args, 'enqueued', id, occurrence
      from due
      order by next_run_at, id
      on conflict (recurring_job_id, occurrence) where occurrence is not null do nothing
      returning jobs.id, jobs.queue, jobs.recurring_job_id
    ),
    moved as (
      update firelock.recurring_jobs
      set
        next_run_at = due.next,
        last_run_at = now(),
        last_job_id = coalesce(created.id, recurring_jobs.last_job_id)
      from due left join created on created.recurring_job_id = due.id
      where recurring_jobs.id = due.id
    )
    select id::text as id, queue, null as "dueMs" from created`,
};

/** Enqueues a run by hand, which leaves the schedule alone; undefined if there is no such recurring job. */
export async function fireByHand(executor: Executor, id: string): Promise<PlacedJob | undefined> {
  const [created] = await executor.run<PlacedJob>(byHandStatement, [id]);
  return created;
}

const byHandStatement: Statement = {
  name: 'fire-recurring-job-by-hand',
  text: `
    with created as (
      insert into firelock.jobs (name, queue, priority, attempt_limit, args, state, recurring_job_id)
      select name, queue, priority, attempt_limit, args, 'enqueued', id
      from firelock.recurring_jobs
      where id = $1
      returning jobs.id, jobs.queue
    ),
    noted as (
      update firelock.recurring_jobs set last_run_at = now(), last_job_id = created.id
      from created
      where recurring_jobs.id = $1
    )
    select id::text as id, queue, null as "dueMs" from created`,
};
