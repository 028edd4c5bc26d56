import type { RecurringJob } from '../../storage/recurring-jobs.js';
import { english as t } from '../english.js';
import { type Cell, noCell, stateCell, textCell, timeCell } from '../format/cell.js';
import { scheduleInWords } from './schedule-in-words.js';
import type { Url } from '../frame/url.js';

/** A recurring job, ready to be shown in a list. */
export interface RecurringJobView {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly queue: string;
  /** As it was given. */
  readonly schedule: string;
  readonly inWords: string | undefined;
  readonly timeZone: string;
  readonly marks: readonly Mark[];
  readonly isPaused: boolean;
  readonly next: Cell;
  readonly last: Cell;
  readonly lastState: Cell;
  /** The page of the job that it enqueued last. */
  readonly lastHref: string | undefined;
}

/** What a person should know of it at once. */
interface Mark {
  readonly tone: string;
  readonly label: string;
  readonly title: string;
}

export interface RecurringSeen {
  readonly now: Date;
  readonly url: Url;
}

export function recurringJobView(job: RecurringJob, { now, url }: RecurringSeen): RecurringJobView {
  const { id, name, queue, schedule, timeZone, lastRunAt, lastJobId, lastState } = job;
  return {
    id,
    href: recurringJobHref(id, url),
    name,
    queue,
    schedule,
    inWords: scheduleInWords(schedule),
    timeZone,
    marks: marksOf(job),
    isPaused: job.pause !== undefined,
    next: nextCell(job, now),
    last: timeCell(lastRunAt, now),
    lastState: lastState === undefined ? noCell : stateCell(lastState),
    lastHref: lastJobId === undefined ? undefined : url(`/${lastJobId}`),
  };
}

/** Named in the query: an id may hold slashes, which proxies rewrite in a path. */
export function recurringJobHref(id: string, url: Url): string {
  return url('/recurring/job', { id });
}

function nextCell({ pause, error, nextRunAt }: RecurringJob, now: Date): Cell {
  if (pause !== undefined) return textCell(t.recurring.paused);
  if (error !== undefined) return textCell(t.recurring.incomputable);
  return nextRunAt === undefined ? textCell(t.recurring.neverAgain) : timeCell(nextRunAt, now);
}

function marksOf(job: RecurringJob): readonly Mark[] {
  const { marks } = t.recurring;
  return [
    ...(job.error === undefined ? [] : [{ ...marks.error, tone: 'dead' }]),
    ...(job.isLate ? [{ ...marks.late, tone: 'failed' }] : []),
    ...(job.pause === undefined ? [] : [{ ...marks.paused, tone: 'deleted' }]),
    ...(job.override === undefined ? [] : [{ ...marks.overridden, tone: 'scheduled' }]),
    ...(job.hasHandler === false ? [{ ...marks.noHandler, tone: 'failed' }] : []),
    ...(job.definition.hasVanished ? [{ ...marks.vanished, tone: 'failed' }] : []),
  ];
}
