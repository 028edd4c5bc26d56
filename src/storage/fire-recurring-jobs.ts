import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

/** What is to become of the occurrences of a recurring job that are due. */
export interface Firing {
  readonly id: string;
  /** The earliest of them, as Postgres writes it: what the recurring job's next run must still be. */
  readonly due: string | null;
  /** Undefined: the schedule never fires again. */
  readonly next: Date | undefined;
  /** Those that become jobs. */
  readonly fire: readonly Date[];
  /** Those that do not, because of an earlier run. */
  readonly skip: readonly Date[];
  /** The one that waits for an earlier run to end. */
  readonly pending: Date | undefined;
  /** Those that were not fired at their time, and will not be. */
  readonly missed: { readonly first: Date; readonly last: Date; readonly count: number } | undefined;
}

/** A run of a recurring job, as a job. */
export interface FiredJob extends PlacedJob {
  readonly recurringJobId: string;
  readonly occurrenceMs: number;
  readonly lateMs: number;
}

/** How many runs of a recurring job its history keeps. */
const RUNS_KEPT = 500;

/** What this call has fired: nothing of a recurring job that another call was faster with. */
export interface Fired {
  readonly recurringJobId: string;
  readonly jobs: readonly FiredJob[];
}

/** Fires occurrences: creates their jobs, and moves each schedule on. */
export function fireRecurringJobs(executor: Executor, firings: readonly Firing[]): Promise<Fired[]> {
  return executor.run<Fired>(fireStatement, [JSON.stringify(firings.map(toJson)), RUNS_KEPT]);
}

function toJson({ missed, ...firing }: Firing): object {
  return {
    ...firing,
    missed_first: missed?.first,
    missed_last: missed?.last,
    missed_count: missed?.count,
  };
}

/** The columns of a job that is a run: of `source`, a row of recurring_jobs. */
const jobColumns = `name, queue, priority, attempt_limit, args, state, recurring_job_id, occurrence`;
const jobValues = `
  name, coalesce(override_queue, queue), priority, attempt_limit, coalesce(override_args, args), 'enqueued', id`;

/**
 * I7: occurrences fire only while the recurring job's next instant is still the earliest of them, and firing moves it on in
 * the same statement: of any number of servers that saw it due, one creates the jobs. The unique index jobs_occurrence
 * says the same once more, should a clock go back. The history is a ring: a run's number is one more than the last, and
 * pushes out the one that is $2 older, so that it costs one insert and one delete by key.
 */
const fireStatement: Statement = {
  name: 'fire-recurring-jobs',
  text: `
    with given as materialized (
      select *
      from json_to_recordset($1::json) as given(
        id text, due timestamptz, next timestamptz, fire timestamptz[], skip timestamptz[], pending timestamptz,
        missed_first timestamptz, missed_last timestamptz, missed_count integer
      )
    ),
    due as materialized (
      select
        recurring_jobs.*, given.next, given.fire, given.skip, given.pending as to_wait,
        given.missed_first, given.missed_last, given.missed_count,
        cardinality(given.fire) + cardinality(given.skip) + (given.missed_count is not null)::integer as entries
      from firelock.recurring_jobs
      join given on recurring_jobs.id = given.id and recurring_jobs.next_run_at is not distinct from given.due
      where recurring_jobs.paused_at is null or recurring_jobs.paused_until <= now()
      order by recurring_jobs.id
      for update of recurring_jobs skip locked
    ),
    created as (
      insert into firelock.jobs (${jobColumns})
      select ${jobValues}, fired.occurrence
      from due cross join lateral unnest(due.fire) as fired(occurrence)
      order by fired.occurrence, id
      on conflict (recurring_job_id, occurrence) where occurrence is not null do nothing
      returning jobs.id, jobs.queue, jobs.recurring_job_id, jobs.occurrence
    ),
    run as (
      select recurring_job_id, 'fired' as kind, occurrence, null::timestamptz as until, null::integer as missed, id as job_id
      from created
      union all
      select id, 'skipped', skipped.occurrence, null, null, null
      from due cross join lateral unnest(due.skip) as skipped(occurrence)
      union all
      select id, 'missed', missed_first, missed_last, missed_count, null
      from due where missed_count is not null
    ),
    recorded as (
      insert into firelock.recurring_runs (
        recurring_job_id, number, kind, occurrence, until, missed, job_id
      )
      select
        due.id, due.runs + row_number() over (partition by due.id order by run.occurrence), kind, occurrence, until,
        missed, job_id
      from run join due on due.id = run.recurring_job_id
    ),
    moved as (
      update firelock.recurring_jobs
      set
        next_run_at = due.next,
        pending = coalesce(recurring_jobs.pending, due.to_wait),
        paused_at = null,
        paused_until = null,
        paused_by = null,
        pause_reason = null,
        error = null,
        failed_at = null,
        runs = due.runs + due.entries
      from due
      where recurring_jobs.id = due.id
      returning recurring_jobs.id, recurring_jobs.runs
    ),
    forgotten as (
      delete from firelock.recurring_runs
      using moved
      where recurring_runs.recurring_job_id = moved.id and recurring_runs.number <= moved.runs - $2::integer
    )
    select
      moved.id as "recurringJobId",
      coalesce(
        json_agg(
          json_build_object(
            'id', created.id::text, 'queue', created.queue, 'dueMs', null, 'recurringJobId', moved.id,
            'occurrenceMs', date_part('epoch', created.occurrence) * 1000,
            'lateMs', date_part('epoch', clock_timestamp() - created.occurrence) * 1000
          )
          order by created.occurrence
        ) filter (where created.id is not null),
        '[]'
      ) as jobs
    from moved left join created on created.recurring_job_id = moved.id
    group by moved.id`,
};

/** Fires the occurrences that waited for an earlier run, where that has ended. */
export function firePending(executor: Executor, limit: number): Promise<FiredJob[]> {
  return executor.run<FiredJob>(pendingStatement, [limit, RUNS_KEPT]);
}

/** As above; that an earlier run has not ended is read with the row locked, so that no two servers fire the same one. */
const pendingStatement: Statement = {
  name: 'fire-pending-recurring-jobs',
  text: `
    with free as materialized (
      select *
      from firelock.recurring_jobs
      where pending is not null and paused_at is null
        and not exists (
          select from firelock.jobs
          where jobs.recurring_job_id = recurring_jobs.id
            and jobs.state in ('awaiting', 'scheduled', 'enqueued', 'processing', 'failed')
        )
      order by id
      limit $1
      for update skip locked
    ),
    created as (
      insert into firelock.jobs (${jobColumns})
      select ${jobValues}, pending
      from free
      on conflict (recurring_job_id, occurrence) where occurrence is not null do nothing
      returning jobs.id, jobs.queue, jobs.recurring_job_id, jobs.occurrence
    ),
    moved as (
      update firelock.recurring_jobs
      set pending = null, runs = recurring_jobs.runs + 1
      from free
      where recurring_jobs.id = free.id
      returning recurring_jobs.id, recurring_jobs.runs
    ),
    recorded as (
      insert into firelock.recurring_runs (recurring_job_id, number, kind, occurrence, job_id)
      select moved.id, moved.runs, 'fired', created.occurrence, created.id
      from moved join created on created.recurring_job_id = moved.id
    ),
    forgotten as (
      delete from firelock.recurring_runs
      using moved
      where recurring_runs.recurring_job_id = moved.id and recurring_runs.number <= moved.runs - $2::integer
    )
    select
      id::text as id, queue, null as "dueMs", recurring_job_id as "recurringJobId",
      date_part('epoch', occurrence) * 1000 as "occurrenceMs",
      date_part('epoch', clock_timestamp() - occurrence) * 1000 as "lateMs"
    from created`,
};

/** What a person has asked for. */
export interface ByHand {
  readonly id: string;
  /** JSON text; undefined: the recurring job's own. */
  readonly args: string | undefined;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** Enqueues a run by hand, which leaves the schedule alone; undefined if there is no such recurring job. */
export async function fireByHand(
  executor: Executor,
  { id, args, by, reason }: ByHand,
): Promise<PlacedJob | undefined> {
  const values = [id, args ?? null, by ?? null, reason ?? null, RUNS_KEPT];
  const [created] = await executor.run<PlacedJob>(byHandStatement, values);
  return created;
}

const byHandStatement: Statement = {
  name: 'fire-recurring-job-by-hand',
  text: `
    with known as materialized (
      select * from firelock.recurring_jobs where id = $1 for update
    ),
    created as (
      insert into firelock.jobs (name, queue, priority, attempt_limit, args, state, recurring_job_id)
      select
        name, coalesce(override_queue, queue), priority, attempt_limit,
        coalesce($2::jsonb, override_args, args), 'enqueued', id
      from known
      returning jobs.id, jobs.queue
    ),
    moved as (
      update firelock.recurring_jobs
      set runs = recurring_jobs.runs + 1
      from created
      where recurring_jobs.id = $1
      returning recurring_jobs.runs
    ),
    recorded as (
      insert into firelock.recurring_runs (recurring_job_id, number, kind, job_id, acted_by, reason)
      select $1, moved.runs, 'by hand', created.id, $3, $4
      from moved cross join created
    ),
    forgotten as (
      delete from firelock.recurring_runs
      using moved
      where recurring_runs.recurring_job_id = $1 and recurring_runs.number <= moved.runs - $5::integer
    )
    select id::text as id, queue, null as "dueMs" from created`,
};
