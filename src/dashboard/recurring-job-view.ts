import type { RecurringJob } from '../storage/recurring-jobs.js';
import { type Cell, noCell, stateCell, textCell, timeCell } from './cell.js';
import { scheduleInWords } from './schedule-in-words.js';
import type { Url } from './url.js';

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
  if (pause !== undefined) return textCell('paused');
  if (error !== undefined) return textCell('cannot be computed');
  return nextRunAt === undefined ? textCell('never again') : timeCell(nextRunAt, now);
}

function marksOf(job: RecurringJob): readonly Mark[] {
  const marks: readonly (Mark & { readonly isSo: boolean })[] = [
    { isSo: job.error !== undefined, tone: 'dead', label: 'error', title: 'Its schedule cannot be computed' },
    {
      isSo: job.isLate,
      tone: 'failed',
      label: 'late',
      title: 'Its next run is due, and no server has fired it',
    },
    { isSo: job.pause !== undefined, tone: 'deleted', label: 'paused', title: 'It fires when it is resumed' },
    {
      isSo: job.override !== undefined,
      tone: 'scheduled',
      label: 'overridden',
      title: 'A person has changed what code says',
    },
    {
      isSo: job.hasHandler === false,
      tone: 'failed',
      label: 'no handler',
      title: 'No running server has a handler for its job',
    },
    {
      isSo: job.definition.hasVanished,
      tone: 'failed',
      label: 'not in code',
      title: 'The latest start of the program that defined it did not do so again',
    },
  ];
  return marks.filter(({ isSo }) => isSo);
}
