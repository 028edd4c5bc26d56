import type { HistoryEntry, JobWithHistory } from '../job/job.js';
import type { State } from '../job/state.js';
import { type Cell, serverCell, textCell, timeCell } from './cell.js';
import { type ErrorView, errorChain } from './error-view.js';
import type { Seen } from './job-columns.js';
import { formatDuration } from './time.js';

/** One try, ready to be shown. */
export interface AttemptView {
  readonly number: number;
  readonly isLatest: boolean;
  /** Gives the outcome its colour. */
  readonly state: State;
  readonly outcome: string;
  readonly server: Cell;
  readonly started: Cell;
  readonly duration: Cell;
  readonly errors: readonly ErrorView[];
}

/** The attempts of a job, the latest first. */
export function attemptViews(job: JobWithHistory, seen: Seen): readonly AttemptView[] {
  const ended = job.history.filter(({ from }) => from === 'processing');
  const running = job.state === 'processing' ? job.history.slice(-1) : [];
  const latestFirst = [...ended, ...running].toReversed();
  return latestFirst.map((entry, place) => ({ ...attemptView(entry, seen), isLatest: place === 0 }));
}

function attemptView(entry: HistoryEntry, { now, serverNames }: Seen): Omit<AttemptView, 'isLatest'> {
  const isRunning = entry.state === 'processing';
  const startedAt = isRunning ? entry.at : entry.startedAt;
  const endedAt = isRunning ? now : entry.at;
  const length =
    startedAt === undefined ? undefined : formatDuration(endedAt.getTime() - startedAt.getTime());
  const { serverId, error } = entry;
  return {
    number: entry.attempt,
    state: entry.state,
    outcome: outcomeOf(entry),
    server: serverCell(serverId, serverNames),
    started: timeCell(startedAt, now),
    duration: textCell(isRunning && length !== undefined ? `${length} so far` : length),
    errors: error === undefined ? [] : errorChain(error),
  };
}

function outcomeOf({ state, error }: HistoryEntry): string {
  switch (state) {
    case 'enqueued':
      // Only the loss of its server sends a job back with an error.
      return error === undefined ? 'Released' : 'Recovered';
    case 'processing':
      return 'Running';
    case 'dead':
      return 'Failed, out of attempts';
    case 'awaiting':
    case 'scheduled':
    case 'failed':
    case 'succeeded':
    case 'deleted':
      return capitalised(state);
  }
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
