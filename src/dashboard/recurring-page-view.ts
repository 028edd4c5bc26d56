import type { Schedule } from '../schedule/schedule.js';
import type { RecurringJob } from '../storage/recurring-jobs.js';
import type { RecurringRun } from '../storage/recurring-runs.js';
import { type Cell, noCell, stateCell, textCell, timeCell } from './cell.js';
import { formatQuantity } from './count.js';
import { jsonView } from './json.js';
import { type RecurringSeen, recurringJobView } from './recurring-job-view.js';
import { formatDuration } from './time.js';

const NEXT_RUNS = 5;

export interface RecurringPage {
  readonly job: RecurringJob;
  readonly runs: readonly RecurringRun[];
  /** Undefined if it cannot be computed. */
  readonly schedule: Schedule | undefined;
}

/** The model of views/recurring-job.ejs. */
export function recurringPageView({ job, runs, schedule }: RecurringPage, seen: RecurringSeen): object {
  const { now, url } = seen;
  return {
    ...recurringJobView(job, seen),
    notices: noticesOf(job),
    facts: factsOf(job, seen).filter(({ cell }) => cell.kind !== 'none'),
    nextRuns: nextRuns(job, schedule, now).map((at) => ({
      cell: timeCell(at, now),
      local: job.timeZone === 'UTC' ? undefined : onTheClocksOf(job.timeZone, at),
    })),
    runs: runs.map((run) => runView(run, seen)),
    args: job.args === null ? undefined : jsonView(job.args),
    isOverridden: job.override !== undefined,
    definition: job.override === undefined ? undefined : definitionOf(job),
    runHref: url('/recurring/run', { id: job.id }),
    changeHref: url('/recurring/change', { id: job.id }),
    pauseHref: url('/recurring/pause', { ids: job.id }),
    removeHref: url('/recurring/remove', { ids: job.id }),
  };
}

/** Exactly those at which it will run: what is computed by the schedule, from the one that is next. */
function nextRuns(
  { nextRunAt, pause }: RecurringJob,
  schedule: Schedule | undefined,
  now: Date,
): readonly Date[] {
  if (schedule === undefined) return [];
  const runs: Date[] = [];
  let next = pause === undefined ? nextRunAt : schedule.next(pause.until ?? now);
  while (next !== undefined && runs.length < NEXT_RUNS) {
    runs.push(next);
    next = schedule.next(next);
  }
  return runs;
}

/** `Mon 23 Nov, 03:30:00`: what the schedule itself speaks of. */
function onTheClocksOf(timeZone: string, at: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  return format.format(at);
}

interface Notice {
  readonly tone: string;
  readonly text: string;
}

function noticesOf(job: RecurringJob): readonly Notice[] {
  const { pause, error, definition, override } = job;
  const notices: (Notice | undefined)[] = [
    error && {
      tone: 'dead',
      text: `It is not fired, because its schedule cannot be computed: ${error.message}`,
    },
    job.isLate
      ? { tone: 'failed', text: 'Its next run is due, and no server has fired it. Is one running?' }
      : undefined,
    pause && {
      tone: 'deleted',
      text: `Paused${saidBy(pause)}. ${pause.until === undefined ? 'It fires again when it is resumed.' : `It goes on at ${pause.until.toISOString()}.`}`,
    },
    override && {
      tone: 'scheduled',
      text: `What code says is overridden${saidBy(override)}. It stays so through deploys until it is dropped.`,
    },
    job.hasHandler !== false
      ? undefined
      : {
          tone: 'failed',
          text: `No running server has a handler for '${job.name}': its runs wait in the queue.`,
        },
    definition.hasVanished
      ? {
          tone: 'failed',
          text: `The latest start of ${definition.program ?? 'the program'} did not define it any more. Remove it, if that was meant.`,
        }
      : undefined,
  ];
  return notices.filter((notice) => notice !== undefined);
}

function saidBy({
  by,
  reason,
}: {
  readonly by: string | undefined;
  readonly reason: string | undefined;
}): string {
  return `${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`;
}

interface Fact {
  readonly term: string;
  readonly cell: Cell;
}

const misfires = {
  once: () => 'the latest makes up for all',
  skip: ({ misfireGraceMs }: RecurringJob) => `left out if later than ${formatDuration(misfireGraceMs)}`,
  all: ({ misfireLimit }: RecurringJob) => `each is made up for, ${misfireLimit} at most`,
};

const overlaps = {
  allow: 'runs beside an earlier run',
  skip: 'left out while an earlier run has not ended',
  'queue-one': 'one waits for an earlier run to end',
  replace: 'cancels an earlier run',
};

function factsOf(job: RecurringJob, { now }: RecurringSeen): readonly Fact[] {
  return [
    { term: 'Job', cell: textCell(job.name) },
    { term: 'Queue', cell: textCell(job.queue) },
    { term: 'Priority', cell: textCell(job.priority) },
    { term: 'Time zone', cell: textCell(job.timeZone) },
    { term: 'Not before', cell: timeCell(job.startAt, now) },
    { term: 'Not after', cell: timeCell(job.endAt, now) },
    { term: 'Calendars', cell: job.calendars.length === 0 ? noCell : textCell(job.calendars.join(', ')) },
    { term: 'Jitter', cell: job.jitterMs === 0 ? noCell : textCell(`up to ${formatDuration(job.jitterMs)}`) },
    { term: 'Missed occurrences', cell: textCell(misfires[job.misfire](job)) },
    { term: 'Overlapping runs', cell: textCell(overlaps[job.overlap]) },
    { term: 'Late after', cell: textCell(formatDuration(job.toleranceMs)) },
    { term: 'Waits for an earlier run', cell: timeCell(job.pending, now) },
    { term: 'Defined', cell: timeCell(job.definition.at, now) },
    { term: 'Defined by', cell: textCell(job.definition.program) },
  ];
}

function definitionOf({ definition }: RecurringJob): object {
  const { schedule, timeZone, queue, args } = definition;
  return { schedule, timeZone, queue, args: args === null ? undefined : jsonView(args) };
}

function runView(run: RecurringRun, { now, url }: RecurringSeen): object {
  const { number, kind, occurrence, jobId, state, startedAt, endedAt } = run;
  const length = startedAt && endedAt && formatDuration(endedAt.getTime() - startedAt.getTime());
  return {
    number,
    occurrence: timeCell(occurrence ?? run.at, now),
    outcome: state === undefined ? textCell(outcomes[kind](run)) : stateCell(state),
    job: jobId === undefined ? noCell : textCell(`#${jobId}`, url(`/${jobId}`)),
    late:
      occurrence === undefined || kind !== 'fired'
        ? noCell
        : textCell(formatDuration(run.at.getTime() - occurrence.getTime())),
    duration: textCell(length),
    why: whyOf(run),
  };
}

const outcomes: Record<RecurringRun['kind'], (run: RecurringRun) => string> = {
  fired: () => 'expired',
  'by hand': () => 'expired',
  skipped: () => 'left out',
  missed: ({ missed = 0 }) => `${formatQuantity(missed, 'occurrence')} missed`,
};

function whyOf(run: RecurringRun): string | undefined {
  switch (run.kind) {
    case 'fired':
      return undefined;
    case 'by hand':
      return `by hand${saidBy(run)}`;
    case 'skipped':
      return 'an earlier run had not ended';
    case 'missed':
      return `until ${run.until?.toISOString() ?? 'then'}: no server fired them in time`;
  }
}
