import type { Timing } from '../schedule/timing.js';
import type { Executor, Statement } from './statement.js';

/** What decides when a recurring job fires: as code defines it, and what an override puts in its place. */
export interface LockedTiming extends Timing {
  readonly isPaused: boolean;
  readonly overrideSchedule: string | null;
  readonly overrideTimeZone: string | null;
}

/** Reads and locks a recurring job, so that its next run is computed from what it is; undefined if there is none. */
export async function lockTiming(executor: Executor, id: string): Promise<LockedTiming | undefined> {
  return (await lockTimings(executor, lockStatement, id))[0];
}

/** The same for all that name a calendar. */
export function lockTimingsWith(executor: Executor, calendar: string): Promise<LockedTiming[]> {
  return lockTimings(executor, lockWithStatement, calendar);
}

interface TimingRow extends Omit<LockedTiming, 'startAt' | 'endAt'> {
  readonly startMs: number | null;
  readonly endMs: number | null;
}

async function lockTimings(executor: Executor, statement: Statement, value: string): Promise<LockedTiming[]> {
  const rows = await executor.run<TimingRow>(statement, [value]);
  return rows.map(({ startMs, endMs, ...row }) => ({
    ...row,
    startAt: startMs === null ? undefined : new Date(Math.round(startMs)),
    endAt: endMs === null ? undefined : new Date(Math.round(endMs)),
  }));
}

function locking(condition: string): string {
  return `
    select
      id,
      schedule,
      time_zone as "timeZone",
      date_part('epoch', start_at) * 1000 as "startMs",
      date_part('epoch', end_at) * 1000 as "endMs",
      calendars, jitter_ms as "jitterMs",
      paused_at is not null as "isPaused",
      override_schedule as "overrideSchedule",
      override_time_zone as "overrideTimeZone"
    from firelock.recurring_jobs
    where ${condition}
    order by id
    for update`;
}

const lockStatement: Statement = { name: 'lock-recurring-job', text: locking('id = $1') };
const lockWithStatement: Statement = {
  name: 'lock-recurring-jobs-with-calendar',
  text: locking('$1 = any(calendars)'),
};

/** After a change of a calendar; it has been looked up and locked. What is due already is for the server that leads. */
export async function setNextRun(executor: Executor, id: string, next: Date | undefined): Promise<void> {
  await executor.run(nextStatement, [id, next ?? null]);
}

const nextStatement: Statement = {
  name: 'set-next-recurring-run',
  text: `
    update firelock.recurring_jobs
    set
      next_run_at = case when next_run_at <= now() and paused_at is null then next_run_at else $2 end,
      error = null, failed_at = null, updated_at = now()
    where id = $1`,
};
