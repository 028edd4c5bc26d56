import type { Executor, Statement } from './statement.js';

export interface Pause {
  readonly until: Date | undefined;
  readonly forMs: number | undefined;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** Pauses, or says anew until when and why; false if there is no such recurring job. */
export async function pauseRecurringJob(executor: Executor, id: string, pause: Pause): Promise<boolean> {
  const { until = null, forMs = null, by = null, reason = null } = pause;
  return (await executor.run(pauseStatement, [id, until, forMs, by, reason])).length === 1;
}

const pauseStatement: Statement = {
  name: 'pause-recurring-job',
  text: `
    update firelock.recurring_jobs
    set
      paused_at = coalesce(paused_at, now()),
      paused_until = coalesce($2::timestamptz, now() + $3::double precision * interval '1 millisecond'),
      paused_by = $4, pause_reason = $5, updated_at = now()
    where id = $1
    returning id`,
};

/** Ends a pause; what was due meanwhile is not made up for. */
export async function endPause(executor: Executor, id: string, next: Date | undefined): Promise<void> {
  await executor.run(endPauseStatement, [id, next ?? null]);
}

const endPauseStatement: Statement = {
  name: 'resume-recurring-job',
  text: `
    update firelock.recurring_jobs
    set
      paused_at = null, paused_until = null, paused_by = null, pause_reason = null,
      next_run_at = $2, error = null, failed_at = null, updated_at = now()
    where id = $1`,
};
