import type { Executor, Statement } from './statement.js';

/** What code says of a recurring job. */
export interface RecurringDefinition {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly args: string;
  readonly queue: string;
  readonly priority: number;
  readonly attemptLimit: number;
  readonly schedule: string;
  readonly timeZone: string;
  readonly startAt: Date | undefined;
  readonly endAt: Date | undefined;
  readonly calendars: readonly string[];
  readonly jitterMs: number;
  readonly misfire: string;
  readonly misfireGraceMs: number;
  readonly misfireLimit: number;
  readonly overlap: string;
  readonly toleranceMs: number;
}

/** Who defines: the program, and since when this process of it runs. */
export interface Definer {
  readonly program: string;
  readonly since: Date;
}

/**
 * Creates a recurring job, or makes it what code says. Its next run is replaced only when what decides it has changed:
 * deploying the same definition again, from any number of processes, must neither skip nor repeat an occurrence. An override
 * stays; `next` has been computed with it.
 */
export async function upsertRecurringJob(
  executor: Executor,
  definition: RecurringDefinition,
  { next, definer }: { readonly next: Date | undefined; readonly definer: Definer },
): Promise<void> {
  const { startAt = null, endAt = null, ...given } = definition;
  const values = [
    given.id,
    given.name,
    given.args,
    given.queue,
    given.priority,
    given.attemptLimit,
    given.schedule,
    given.timeZone,
    startAt,
    endAt,
    given.calendars,
    given.jitterMs,
    given.misfire,
    given.misfireGraceMs,
    given.misfireLimit,
    given.overlap,
    given.toleranceMs,
    definer.program,
    definer.since,
    next ?? null,
  ];
  await executor.run(upsertStatement, values);
}

const upsertStatement: Statement = {
  name: 'upsert-recurring-job',
  text: `
    insert into firelock.recurring_jobs as known (
      id, name, args, queue, priority, attempt_limit, schedule, time_zone, start_at, end_at, calendars, jitter_ms,
      misfire, misfire_grace_ms, misfire_limit, overlap, tolerance_ms, defined_by, definer_since, next_run_at, defined_at
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, clock_timestamp())
    on conflict (id) do update set
      name = excluded.name,
      args = excluded.args,
      queue = excluded.queue,
      priority = excluded.priority,
      attempt_limit = excluded.attempt_limit,
      schedule = excluded.schedule,
      time_zone = excluded.time_zone,
      start_at = excluded.start_at,
      end_at = excluded.end_at,
      calendars = excluded.calendars,
      jitter_ms = excluded.jitter_ms,
      misfire = excluded.misfire,
      misfire_grace_ms = excluded.misfire_grace_ms,
      misfire_limit = excluded.misfire_limit,
      overlap = excluded.overlap,
      tolerance_ms = excluded.tolerance_ms,
      defined_at = excluded.defined_at,
      defined_by = excluded.defined_by,
      definer_since = excluded.definer_since,
      next_run_at = case
        when (
            coalesce(known.override_schedule, known.schedule), coalesce(known.override_time_zone, known.time_zone),
            known.start_at, known.end_at, known.calendars, known.jitter_ms
          ) is not distinct from (
            coalesce(known.override_schedule, excluded.schedule), coalesce(known.override_time_zone, excluded.time_zone),
            excluded.start_at, excluded.end_at, excluded.calendars, excluded.jitter_ms
          )
          then known.next_run_at
        else excluded.next_run_at
      end,
      error = null,
      failed_at = null,
      updated_at = now()`,
};

/** Removes a recurring job and the history of its runs; the jobs that it enqueued stay. False if there was none. */
export async function deleteRecurringJob(executor: Executor, id: string): Promise<boolean> {
  return (await executor.run(deleteStatement, [id])).length === 1;
}

const deleteStatement: Statement = {
  name: 'delete-recurring-job',
  text: `delete from firelock.recurring_jobs where id = $1 returning id`,
};
