import type { State } from '../job/state.js';
import type { JobSummary } from '../storage/job-summaries.js';
import type { KnownServer } from '../storage/known-servers.js';
import { type Cell, errorCell, noCell, serverCell, textCell, timeCell } from './cell.js';
import { namesServerLoss, serverLosses } from './server-loss.js';
import { formatDuration } from './time.js';

/** A column of a list of jobs, beside the job itself. */
export interface Column {
  readonly heading: string;
  /** How much room it takes; what is left is the job's own. */
  readonly width: 'short' | 'medium' | 'instant' | 'wide';
  readonly cellOf: (job: JobSummary, seen: Seen) => Cell;
}

/** From where the jobs are seen. */
export interface Seen {
  readonly now: Date;
  readonly servers: ReadonlyMap<string, KnownServer>;
}

const queue: Column = { heading: 'Queue', width: 'medium', cellOf: (job) => textCell(job.queue) };
const error: Column = { heading: 'Error', width: 'wide', cellOf: failureCell };
const attempts: Column = {
  heading: 'Attempt',
  width: 'short',
  cellOf: (job) => textCell(`${job.attempt} of ${job.attemptLimit}`),
};
const server: Column = {
  heading: 'Server',
  width: 'medium',
  cellOf: (job, { servers }) => serverCell(job.serverId, servers),
};
const duration: Column = {
  heading: 'Duration',
  width: 'short',
  cellOf: (job) => durationCell(job.startedAt, job.finishedAt),
};
const created = instantColumn('Created', ({ createdAt }) => createdAt);
const started = instantColumn('Started', ({ startedAt }) => startedAt);
const runs = instantColumn('Runs', ({ runAt }) => runAt);
const nextAttempt = instantColumn('Next attempt', ({ runAt }) => runAt);
const ended = instantColumn('Ended', ({ finishedAt }) => finishedAt);

/** What matters to someone who looks at the jobs of a state. */
export const jobColumns: Readonly<Record<State, readonly Column[]>> = {
  enqueued: [queue, attempts, created],
  scheduled: [queue, runs, created],
  processing: [queue, attempts, server, started],
  failed: [error, queue, attempts, nextAttempt],
  dead: [error, queue, attempts, ended],
  succeeded: [queue, attempts, duration, ended],
  deleted: [queue, attempts, created, ended],
  awaiting: [queue, created],
};

/** Why the job is where it is. */
export function failureCell({ state, error, recoveries }: JobSummary): Cell {
  if (state !== 'dead' || error === undefined || !namesServerLoss(error)) return errorCell(error);
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
