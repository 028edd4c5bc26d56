import type { Executor, Statement } from './statement.js';

export interface Override {
  readonly schedule: string | undefined;
  readonly timeZone: string | undefined;
  /** JSON text. */
  readonly args: string | undefined;
  readonly queue: string | undefined;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** Puts an override in the place of the one before; it has been looked up and locked. */
export async function writeOverride(
  executor: Executor,
  id: string,
  { override, next }: { readonly override: Override | undefined; readonly next: Date | undefined },
): Promise<void> {
  const {
    schedule = null,
    timeZone = null,
    args = null,
    queue = null,
    by = null,
    reason = null,
  } = override ?? {};
  const values = [id, schedule, timeZone, args, queue, override !== undefined, by, reason, next ?? null];
  await executor.run(overrideStatement, values);
}

const overrideStatement: Statement = {
  name: 'override-recurring-job',
  text: `
    update firelock.recurring_jobs
    set
      override_schedule = $2, override_time_zone = $3, override_args = $4::jsonb, override_queue = $5,
      overridden_at = case when $6::boolean then now() end, overridden_by = $7, override_reason = $8,
      next_run_at = $9, error = null, failed_at = null, updated_at = now()
    where id = $1`,
};
