import type { State } from '../job/state.js';
import type { JobSummary } from '../storage/job-lists.js';
import { type Cell, errorCell, noCell, serverCell, textCell, timeCell } from './cell.js';
import { formatDuration } from './time.js';

/** A column of a list of jobs, beside the job itself. */
export interface Column {
  readonly heading: string;
  readonly cellOf: (job: JobSummary, seen: Seen) => Cell;
}

/** From where the jobs are seen. */
export interface Seen {
  readonly now: Date;
  readonly serverNames: ReadonlyMap<string, string>;
}

const queue: Column = { heading: 'Queue', cellOf: (job) => textCell(job.queue) };
const attempts: Column = {
  heading: 'Attempt',
  cellOf: (job) => textCell(`${job.attempt} of ${job.attemptLimit}`),
};
const error: Column = { heading: 'Error', cellOf: (job) => errorCell(job.error) };
const created: Column = { heading: 'Created', cellOf: (job, { now }) => timeCell(job.createdAt, now) };
const started: Column = { heading: 'Started', cellOf: (job, { now }) => timeCell(job.startedAt, now) };
const runsAt: Column = { heading: 'Runs', cellOf: (job, { now }) => timeCell(job.runAt, now) };
const nextAttempt: Column = { ...runsAt, heading: 'Next attempt' };
const ended: Column = { heading: 'Ended', cellOf: (job, { now }) => timeCell(job.finishedAt, now) };
const server: Column = {
  heading: 'Server',
  cellOf: (job, { serverNames }) => serverCell(job.serverId, serverNames),
};
const runningFor: Column = {
  heading: 'Running for',
  cellOf: (job, { now }) => durationCell(job.startedAt, now),
};
const duration: Column = {
  heading: 'Duration',
  cellOf: (job) => durationCell(job.startedAt, job.finishedAt),
};

/** What matters to someone who looks at the jobs of a state. */
export const jobColumns: Readonly<Record<State, readonly Column[]>> = {
  enqueued: [queue, attempts, created],
  scheduled: [queue, runsAt, created],
  processing: [queue, attempts, server, started, runningFor],
  failed: [error, queue, attempts, nextAttempt],
  dead: [error, queue, attempts, ended],
  succeeded: [queue, attempts, duration, ended],
  deleted: [queue, attempts, created, ended],
  awaiting: [queue, created],
};

function durationCell(from: Date | undefined, to: Date | undefined): Cell {
  return from === undefined || to === undefined
    ? noCell
    : textCell(formatDuration(to.getTime() - from.getTime()));
}
