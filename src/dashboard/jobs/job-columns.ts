import type { State } from '../../job/state.js';
import type { JobSummary } from '../../storage/job-summaries.js';
import type { KnownServer } from '../../storage/known-servers.js';
import { english as t } from '../english.js';
import { type Cell, errorCell, noCell, serverCell, stateCell, textCell, timeCell } from '../format/cell.js';
import { formatDuration } from '../format/time.js';
import { isServerLossNamed, serverLosses } from '../job/server-loss.js';

/** A column of a list of jobs, beside the job itself. */
export interface Column {
  readonly heading: string;
  /** How much room it takes; what is left is the job's own. */
  readonly width: 'short' | 'medium' | 'instant' | 'wide' | 'state';
  readonly cellOf: (job: JobSummary, seen: Seen) => Cell;
}

/** From where the jobs are seen. */
export interface Seen {
  readonly now: Date;
  readonly servers: ReadonlyMap<string, KnownServer>;
}

const words = t.jobs.columns;

const queue: Column = { heading: words.queue, width: 'medium', cellOf: (job) => textCell(job.queue) };
const error: Column = { heading: words.error, width: 'wide', cellOf: failureCell };
const state: Column = { heading: words.state, width: 'state', cellOf: (job) => stateCell(job.state) };
const attempts: Column = {
  heading: words.attempt,
  width: 'short',
  cellOf: (job) => textCell(t.jobs.attemptOf(job.attempt, job.attemptLimit)),
};
const server: Column = {
  heading: words.server,
  width: 'medium',
  cellOf: (job, { servers }) => serverCell(job.serverId, servers),
};
const duration: Column = {
  heading: words.duration,
  width: 'short',
  cellOf: (job) => durationCell(job.startedAt, job.finishedAt),
};
const created = instantColumn(words.created, ({ createdAt }) => createdAt);
const started = instantColumn(words.started, ({ startedAt }) => startedAt);
const runs = instantColumn(words.runs, ({ runAt }) => runAt);
const nextAttempt = instantColumn(words.next, ({ runAt }) => runAt);
const ended = instantColumn(words.ended, ({ finishedAt }) => finishedAt);

/** What matters to someone who looks at the jobs of a state, or of any. */
export const jobColumns: Readonly<Record<State | 'any', readonly Column[]>> = {
  enqueued: [queue, attempts, created],
  scheduled: [queue, runs, created],
  processing: [queue, attempts, server, started],
  failed: [error, queue, attempts, nextAttempt],
  dead: [error, queue, attempts, ended],
  succeeded: [queue, attempts, duration, ended],
  deleted: [queue, attempts, created, ended],
  awaiting: [queue, created],
  any: [state, queue, attempts, created, ended],
};

/** Why the job is where it is. */
export function failureCell({ state, error, recoveries }: JobSummary): Cell {
  if (state !== 'dead' || error === undefined || !isServerLossNamed(error.name)) return errorCell(error);
  return errorCell({ name: error.name, message: serverLosses(recoveries) });
}

function instantColumn(heading: string, of: (job: JobSummary) => Date | undefined): Column {
  return { heading, width: 'instant', cellOf: (job, { now }) => timeCell(of(job), now) };
}

function durationCell(from: Date | undefined, to: Date | undefined): Cell {
  return from === undefined || to === undefined
    ? noCell
    : textCell(formatDuration(to.getTime() - from.getTime()));
}
