import type { Schedule } from '../../schedule/schedule.js';
import type { RecurringJob } from '../../storage/recurring-jobs.js';
import type { RecurringRun } from '../../storage/recurring-runs.js';
import type { Redaction } from '../access/redaction.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import { type Fact, noCell, stateCell, textCell, timeCell } from '../format/cell.js';
import { type JsonView, jsonView } from '../format/json.js';
import { formatDuration, formatInstant } from '../format/time.js';
import { searchHref } from '../jobs/search-href.js';
import { buttonsOfOne } from './recurring-buttons.js';
import { type RecurringSeen, recurringJobView } from './recurring-job-view.js';

const NEXT_RUNS = 5;

export interface RecurringPage {
  readonly job: RecurringJob;
  readonly runs: readonly RecurringRun[];
  /** Undefined if it cannot be computed. */
  readonly schedule: Schedule | undefined;
}

export interface RecurringPageSeen extends RecurringSeen {
  readonly rights: Rights;
  readonly redaction: Redaction;
}

/** The model of views/recurring-job.ejs. */
export function recurringPageView({ job, runs, schedule }: RecurringPage, seen: RecurringPageSeen): object {
  const { now, url, rights } = seen;
  const view = recurringJobView(job, seen);
  const isOverridden = job.override !== undefined;
  return {
    ...view,
    buttons: rights.has('manage-recurring') ? buttonsOfOne({ ...view, isOverridden }, url) : [],
    notices: noticesOf(job),
    facts: factsOf(job, seen).filter(({ cell }) => cell.kind !== 'none'),
    nextRuns: nextRuns(job, schedule, now).map((at) => ({
      cell: timeCell(at, now),
      local: job.timeZone === 'UTC' ? undefined : onTheClocksOf(job.timeZone, at),
    })),
    runs: runs.map((run) => runView(run, seen)),
    args: argsView(job, job.args, seen),
    argsNothing: rights.has('view-args') ? t.job.noArgs : t.job.hidden,
    definition: isOverridden ? definitionOf(job, seen) : undefined,
  };
}

function argsView(
  { name }: RecurringJob,
  args: unknown,
  { rights, redaction }: RecurringPageSeen,
): JsonView | undefined {
  if (args === null || !rights.has('view-args')) return undefined;
  return jsonView(redaction.of(args, { job: name, part: 'args' }));
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
  const { said, ...words } = t.recurring.notices;
  const notices: (Notice | undefined)[] = [
    error && { tone: 'dead', text: words.error(error.message) },
    job.isLate ? { tone: 'failed', text: words.late } : undefined,
    pause && {
      tone: 'deleted',
      text: words.paused(said(pause.by, pause.reason), pause.until && formatInstant(pause.until)),
    },
    override && { tone: 'scheduled', text: words.overridden(said(override.by, override.reason)) },
    job.hasHandler === false ? { tone: 'failed', text: words.noHandler(job.name) } : undefined,
    definition.hasVanished ? { tone: 'failed', text: words.vanished(definition.program) } : undefined,
  ];
  return notices.filter((notice) => notice !== undefined);
}

function factsOf(job: RecurringJob, { now, url }: RecurringSeen): readonly Fact[] {
  const terms = t.recurring.facts;
  return [
    { term: terms.job, cell: textCell(job.name) },
    { term: terms.queue, cell: textCell(job.queue) },
    { term: terms.priority, cell: textCell(job.priority) },
    { term: terms.timeZone, cell: textCell(job.timeZone) },
    { term: terms.notBefore, cell: timeCell(job.startAt, now) },
    { term: terms.notAfter, cell: timeCell(job.endAt, now) },
    { term: terms.calendars, cell: job.calendars.length === 0 ? noCell : textCell(job.calendars.join(', ')) },
    {
      term: terms.jitter,
      cell: job.jitterMs === 0 ? noCell : textCell(t.recurring.upTo(formatDuration(job.jitterMs))),
    },
    { term: terms.missed, cell: textCell(misfireOf(job)) },
    { term: terms.overlapping, cell: textCell(t.recurring.overlaps[job.overlap]) },
    { term: terms.lateAfter, cell: textCell(formatDuration(job.toleranceMs)) },
    { term: terms.pending, cell: timeCell(job.pending, now) },
    { term: terms.defined, cell: timeCell(job.definition.at, now) },
    { term: terms.definedBy, cell: textCell(job.definition.program) },
    { term: t.jobs.title, cell: textCell(t.recurring.allRuns, searchHref(url, 'recurring', job.id)) },
  ];
}

function misfireOf({ misfire, misfireGraceMs, misfireLimit }: RecurringJob): string {
  switch (misfire) {
    case 'once':
      return t.recurring.misfires.once;
    case 'skip':
      return t.recurring.misfires.skip(formatDuration(misfireGraceMs));
    case 'all':
      return t.recurring.misfires.all(misfireLimit);
  }
}

function definitionOf(job: RecurringJob, seen: RecurringPageSeen): object {
  const { schedule, timeZone, queue, args } = job.definition;
  return { schedule, timeZone, queue, args: argsView(job, args, seen) };
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
  fired: () => t.recurring.expired,
  'by hand': () => t.recurring.expired,
  skipped: () => t.recurring.leftOut,
  missed: ({ missed = 0 }) => t.recurring.missed(missed),
};

function whyOf(run: RecurringRun): string | undefined {
  switch (run.kind) {
    case 'fired':
      return undefined;
    case 'by hand':
      return t.recurring.byHand(t.recurring.notices.said(run.by, run.reason));
    case 'skipped':
      return t.recurring.earlierRun;
    case 'missed':
      return t.recurring.until(run.until === undefined ? t.recurring.anInstant : formatInstant(run.until));
  }
}
