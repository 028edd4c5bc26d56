import type { RecurringJob } from '../storage/recurring-jobs.js';
import { type Cell, textCell, timeCell } from './cell.js';
import type { Url } from './url.js';

/** A recurring job, ready to be shown. */
export interface RecurringJobView {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  /** The cron expression as it was given. */
  readonly schedule: string;
  readonly timeZone: string;
  readonly next: Cell;
  readonly last: Cell;
  /** The page of the job that it enqueued last. */
  readonly lastHref: string | undefined;
}

export function recurringJobView(job: RecurringJob, { now, url }: { now: Date; url: Url }): RecurringJobView {
  const { id, name, queue, schedule, timeZone, nextRunAt, lastRunAt, lastJobId } = job;
  return {
    id,
    name,
    queue,
    schedule,
    timeZone,
    next: nextRunAt === undefined ? textCell('never again') : timeCell(nextRunAt, now),
    last: timeCell(lastRunAt, now),
    lastHref: lastJobId === undefined ? undefined : url(`/${lastJobId}`),
  };
}
