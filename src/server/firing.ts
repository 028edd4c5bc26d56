import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import { remove } from '../job/transition.js';
import { dueOccurrences } from '../schedule/misfire.js';
import { placeOccurrences } from '../schedule/overlap.js';
import { type CalendarsByName, scheduleOf } from '../schedule/timing.js';
import { applyAct, cancellations } from '../storage/apply-act.js';
import { readCalendars } from '../storage/calendars.js';
import type { Database } from '../storage/database.js';
import {
  type DueRecurringJob,
  findDueRecurringJobs,
  noteScheduleError,
} from '../storage/due-recurring-jobs.js';
import {
  type FiredJob,
  firePending,
  type Firing,
  fireRecurringJobs,
} from '../storage/fire-recurring-jobs.js';
import { channelOf, notify } from '../storage/notification.js';
import type { Reports } from './reports.js';

const BATCH = 1000;

export interface FiringOptions {
  readonly database: Database;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly reports: Reports;
}

/** Decides what becomes of due occurrences, and has it done, in bounded batches. */
export class RecurringFiring {
  readonly #options: FiringOptions;

  constructor(options: FiringOptions) {
    this.#options = options;
  }

  /** Fires what is due; false if nothing could be. */
  async fireDue(): Promise<boolean> {
    const { database, engine } = this.#options;
    const due = await findDueRecurringJobs(database, BATCH);
    const calendars = await this.#calendarsOf(due);
    const firings: Firing[] = [];
    for (const job of due) firings.push(...(await this.#decide(job, calendars)));
    if (firings.length === 0) return false;
    await this.#replace(due);
    const moved = new Set<string>();
    const fired = await engine.place(async (executor) => {
      const answer = await fireRecurringJobs(executor, firings);
      for (const { recurringJobId } of answer) moved.add(recurringJobId);
      return answer.flatMap(({ jobs }) => jobs);
    });
    this.#tell(
      due,
      firings.filter(({ id }) => moved.has(id)),
      fired,
    );
    return moved.size > 0;
  }

  /** Fires what waited for an earlier run. */
  async firePending(): Promise<void> {
    await this.#options.engine.place((executor) => firePending(executor, BATCH));
  }

  async #calendarsOf(due: readonly DueRecurringJob[]): Promise<CalendarsByName> {
    const names = new Set(due.flatMap(({ calendars }) => calendars));
    return names.size === 0 ? new Map() : readCalendars(this.#options.database, [...names]);
  }

  /** One whose schedule cannot be computed does not stop the others. */
  async #decide(job: DueRecurringJob, calendars: CalendarsByName): Promise<Firing[]> {
    try {
      return [decide(job, calendars)];
    } catch (error) {
      const { database, logger, reports } = this.#options;
      const record = errorRecord(error);
      if (!(await noteScheduleError(database, job.id, record))) return [];
      logger.error(
        { error: record, recurringJob: job.id },
        'the schedule of a recurring job cannot be computed: it was not fired',
      );
      reports.report('recurring:failed', () => ({ recurringJobId: job.id, error: record }));
      return [];
    }
  }

  /** Cancelled first: should this process die here, the new run is fired by another a moment later. */
  async #replace(due: readonly DueRecurringJob[]): Promise<void> {
    const ids = due.flatMap(({ overlap, unfinished }) => (overlap === 'replace' ? unfinished : []));
    if (ids.length === 0) return;
    const { database } = this.#options;
    const facts = { ids, from: remove.from, reason: 'replaced by the next run of its recurring job' };
    const notifications = cancellations(await applyAct(database, remove, facts));
    if (notifications.length > 0) await notify(database, channelOf(database.schema), notifications);
  }

  #tell(due: readonly DueRecurringJob[], firings: readonly Firing[], fired: readonly FiredJob[]): void {
    const { reports } = this.#options;
    const tolerances = new Map(due.map(({ id, toleranceMs }) => [id, toleranceMs]));
    for (const { id: jobId, recurringJobId, occurrenceMs, lateMs } of fired) {
      if (lateMs <= (tolerances.get(recurringJobId) ?? 0)) continue;
      const occurrence = new Date(Math.round(occurrenceMs));
      reports.report('recurring:late', () => ({ recurringJobId, occurrence, lateMs, jobId }));
    }
    for (const { id: recurringJobId, missed } of firings)
      if (missed !== undefined) reports.report('recurring:missed', () => ({ recurringJobId, ...missed }));
  }
}

function decide(job: DueRecurringJob, calendars: CalendarsByName): Firing {
  const schedule = scheduleOf(job, calendars);
  const { id, due, dueAt, now, overlap, unfinished, hasPending } = job;
  if (job.isResumed)
    return { id, due, next: schedule.next(now), fire: [], skip: [], pending: undefined, missed: undefined };
  const { fire, missed, next } = dueOccurrences(schedule, job, { due: dueAt, now });
  const earlier = { isUnfinished: unfinished.length > 0, hasPending };
  return { id, due, next, missed, ...placeOccurrences(overlap, fire, earlier) };
}
