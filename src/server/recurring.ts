import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import { parseSchedule } from '../schedule/schedule.js';
import type { Database } from '../storage/database.js';
import {
  type DueRecurringJob,
  type Firing,
  findDueRecurringJobs,
  fireRecurringJobs,
} from '../storage/fire-recurring-jobs.js';
import { nextRecurringInMs } from '../storage/recurring-jobs.js';
import { Loop, type LoopOptions } from './loop.js';

const BATCH = 1000;
const LONGEST_SLEEP_MS = 5000;
/** A schedule that cannot be computed stays due: it must not keep the loop spinning. */
const PAUSE_AFTER_BAD_SCHEDULE_MS = 1000;

export interface RecurringOptions {
  readonly database: Database;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly when: NonNullable<LoopOptions['when']>;
}

/** Fires recurring jobs at their instants. Two servers may try at once; the statement lets one succeed. */
export function recurringLoop({ database, engine, logger, when }: RecurringOptions): Loop {
  const step = async () => {
    const due = await findDueRecurringJobs(database, BATCH);
    const firings = due.flatMap((job) => firingOf(job, logger));
    if (firings.length > 0) await engine.place((executor) => fireRecurringJobs(executor, firings));
    if (firings.length < due.length) return PAUSE_AFTER_BAD_SCHEDULE_MS;
    return Math.min((await nextRecurringInMs(database)) ?? LONGEST_SLEEP_MS, LONGEST_SLEEP_MS);
  };
  return new Loop({ name: 'recurring', logger, step, when });
}

/** Occurrences that were missed are made up for by one: the next is counted from now. */
function firingOf({ id, schedule, timeZone, occurrence, nowMs }: DueRecurringJob, logger: Logger): Firing[] {
  try {
    return [{ id, occurrence, next: parseSchedule(schedule, timeZone).next(new Date(nowMs)) }];
  } catch (error) {
    logger.error(
      { error: errorRecord(error), recurringJob: id },
      'the schedule of a recurring job cannot be computed: it was not fired',
    );
    return [];
  }
}
