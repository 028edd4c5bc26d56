import type { MisfirePolicy } from '../schedule/misfire.js';
import type { Timing } from '../schedule/timing.js';
import type { OverlapPolicy } from '../schedule/overlap.js';
import type { Executor, Statement } from './statement.js';

/** A recurring job that is due, and all that decides what becomes of it. */
export interface DueRecurringJob extends Timing {
  readonly misfire: MisfirePolicy;
  readonly graceMs: number;
  readonly limit: number;
  readonly overlap: OverlapPolicy;
  readonly toleranceMs: number;
  /** The occurrence that is due, as Postgres writes it: exact to the microsecond, which a Date is not. */
  readonly due: string | null;
  readonly dueAt: Date;
  /** Its pause is over: what was due meanwhile is not made up for. */
  readonly isResumed: boolean;
  /** The database's clock. */
  readonly now: Date;
  /** The jobs of earlier runs that have not ended; not looked for where overlapping runs are allowed. */
  readonly unfinished: readonly string[];
  /** Whether an occurrence waits already. */
  readonly hasPending: boolean;
}

/** How long a schedule that could not be computed is left alone. */
const RETRY_AFTER_MS = 60_000;

/** The recurring jobs that are due, in their order, and those whose pause is over. */
export async function findDueRecurringJobs(executor: Executor, limit: number): Promise<DueRecurringJob[]> {
  const rows = await executor.run<DueRow>(dueStatement, [limit, RETRY_AFTER_MS]);
  return rows.map(({ startMs, endMs, dueMs, nowMs, ...row }) => ({
    ...row,
    startAt: dateOf(startMs),
    endAt: dateOf(endMs),
    // Rounded down: nothing may count as due that is not.
    dueAt: new Date(Math.floor(dueMs ?? nowMs)),
    now: new Date(Math.floor(nowMs)),
  }));
}

interface DueRow extends Omit<DueRecurringJob, 'startAt' | 'endAt' | 'dueAt' | 'now'> {
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly dueMs: number | null;
  readonly nowMs: number;
}

function dateOf(ms: number | null): Date | undefined {
  return ms === null ? undefined : new Date(Math.round(ms));
}

const dueStatement: Statement = {
  name: 'find-due-recurring-jobs',
  text: `
    select
      id,
      coalesce(override_schedule, schedule) as schedule,
      coalesce(override_time_zone, time_zone) as "timeZone",
      date_part('epoch', start_at) * 1000 as "startMs",
      date_part('epoch', end_at) * 1000 as "endMs",
      calendars, jitter_ms as "jitterMs",
      misfire, misfire_grace_ms as "graceMs", misfire_limit as "limit", overlap, tolerance_ms as "toleranceMs",
      next_run_at::text as due,
      date_part('epoch', next_run_at) * 1000 as "dueMs",
      date_part('epoch', clock_timestamp()) * 1000 as "nowMs",
      paused_at is not null as "isResumed",
      pending is not null as "hasPending",
      array(
        select jobs.id::text
        from firelock.jobs
        where overlap <> 'allow' and jobs.recurring_job_id = recurring_jobs.id
          and jobs.state in ('awaiting', 'scheduled', 'enqueued', 'processing', 'failed')
        order by jobs.id
      ) as unfinished
    from firelock.recurring_jobs
    where (next_run_at <= now() and paused_at is null or paused_until <= now())
      and (failed_at is null or failed_at < now() - $2::double precision * interval '1 millisecond')
    order by next_run_at, id
    limit $1`,
};

/** What the server that leads has to do for recurring jobs, and when, by the database's clock. */
export interface Agenda {
  /** Until the next is due, or the next pause ends; null if neither is foreseen. */
  readonly dueInMs: number | null;
  /** Whether an occurrence waits for an earlier run to end. */
  readonly hasPending: boolean;
}

export async function recurringAgenda(executor: Executor): Promise<Agenda> {
  const [agenda] = await executor.run<Agenda>(agendaStatement, [RETRY_AFTER_MS]);
  return agenda ?? { dueInMs: null, hasPending: false };
}

const agendaStatement: Statement = {
  name: 'recurring-agenda',
  text: `
    select
      date_part('epoch', least(due.at, again.at, resumed.at) - clock_timestamp()) * 1000 as "dueInMs",
      exists (select from firelock.recurring_jobs where pending is not null and paused_at is null) as "hasPending"
    from
      (
        select min(next_run_at) as at
        from firelock.recurring_jobs
        where next_run_at is not null and paused_at is null and failed_at is null
      ) as due,
      (
        select min(greatest(next_run_at, failed_at + $1::double precision * interval '1 millisecond')) as at
        from firelock.recurring_jobs
        where next_run_at is not null and paused_at is null and failed_at is not null
      ) as again,
      (select min(paused_until) as at from firelock.recurring_jobs where paused_until is not null) as resumed`,
};

/** Notes that the next run of a recurring job cannot be computed; false if another server has done so. */
export async function noteScheduleError(executor: Executor, id: string, error: object): Promise<boolean> {
  return (await executor.run(errorStatement, [id, JSON.stringify(error), RETRY_AFTER_MS])).length === 1;
}

const errorStatement: Statement = {
  name: 'note-schedule-error',
  text: `
    update firelock.recurring_jobs
    set error = $2::jsonb, failed_at = clock_timestamp()
    where id = $1
      and (failed_at is null or failed_at < clock_timestamp() - $3::double precision * interval '1 millisecond')
    returning id`,
};
