import { FirelockError } from '../../errors.js';
import { storable } from '../../job/serialisation.js';
import type { Schedule } from '../../schedule/schedule.js';
import { scheduleOf } from '../../schedule/timing.js';
import { readCalendars } from '../../storage/calendars.js';
import type { Database } from '../../storage/database.js';
import { findRecurringJob, type RecurringJob } from '../../storage/recurring-jobs.js';
import { english as t } from '../english.js';
import { notFound } from '../frame/page-error.js';

/** @throws PageError if there is none */
export async function findShownJob(id: string, { kysely }: Database): Promise<RecurringJob> {
  const job = await findRecurringJob(kysely, storable(id));
  if (job !== undefined) return job;
  throw notFound(t.errors.noRecurringJob.title(id), t.errors.noRecurringJob.advice);
}

/** The schedule that the scheduler goes by; undefined if it cannot be computed. */
export async function scheduleIfAny(job: RecurringJob, database: Database): Promise<Schedule | undefined> {
  try {
    return scheduleOf(job, await readCalendars(database, job.calendars));
  } catch (error) {
    if (error instanceof FirelockError) return undefined;
    throw error;
  }
}
