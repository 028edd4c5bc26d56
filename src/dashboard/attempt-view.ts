import type { ErrorRecord } from '../job/error-record.js';
import type { HistoryEntry, JobWithHistory } from '../job/job.js';
import type { State } from '../job/state.js';
import { handlerAfterDeletion, stillRuns } from './cancellation.js';
import { type Cell, noCell, serverCell, textCell, timeCell } from './cell.js';
import { type ErrorView, errorChain } from './error-view.js';
import type { Seen } from './job-columns.js';
import { isServerLoss, isTimeout } from './server-loss.js';
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
  /** Of a job that was deleted while it ran: what became of its handler. */
  readonly handler: string | undefined;
  readonly errors: readonly ErrorView[];
}

/** The attempts of a job, the latest first. */
export function attemptViews(job: JobWithHistory, seen: Seen): readonly AttemptView[] {
  const ended = job.history.filter(({ from }) => from === 'processing');
  const running = job.state === 'processing' ? job.history.slice(-1) : [];
  const latestFirst = [...ended, ...running].toReversed();
  return latestFirst.map((entry, place) => ({ ...attemptView(entry, seen), isLatest: place === 0 }));
}

function attemptView(entry: HistoryEntry, seen: Seen): Omit<AttemptView, 'isLatest'> {
  const { state, serverId, error } = entry;
  const startedAt = state === 'processing' ? entry.at : entry.startedAt;
  return {
    number: entry.attempt,
    state,
    outcome: outcomeOf(entry),
    server: serverCell(serverId, seen.servers),
    started: timeCell(startedAt, seen.now),
    duration: durationCell(startedAt, entry, seen),
    handler: handlerAfterDeletion(entry, seen),
    errors: errorsOf(error),
  };
}

function durationCell(startedAt: Date | undefined, entry: HistoryEntry, { now, servers }: Seen): Cell {
  if (startedAt === undefined) return noCell;
  const { state } = entry;
  const isRunning = state === 'processing' || (state === 'deleted' && stillRuns(entry, servers));
  const endedAt = isRunning ? now : (entry.endedAt ?? entry.at);
  const length = formatDuration(endedAt.getTime() - startedAt.getTime());
  return textCell(isRunning ? `${length} so far` : length);
}

/** Where Firelock noticed it says nothing of the attempt. */
function errorsOf(error: ErrorRecord | undefined): readonly ErrorView[] {
  if (error === undefined) return [];
  const chain = errorChain(error);
  return isServerLoss(error) || isTimeout(error)
    ? chain.map((each) => ({ ...each, stack: undefined }))
    : chain;
}

function outcomeOf({ state, error }: HistoryEntry): string {
  switch (state) {
    case 'enqueued':
      return isServerLoss(error) ? 'Server lost, does not count' : 'Given back, does not count';
    case 'scheduled':
      return 'Snoozed, does not count';
    case 'processing':
      return 'Running';
    case 'failed':
      return isTimeout(error) ? 'Timed out' : 'Failed';
    case 'dead':
      if (isServerLoss(error)) return 'Server lost, once too often';
      return `${isTimeout(error) ? 'Timed out' : 'Failed'}, out of attempts`;
    case 'awaiting':
    case 'succeeded':
    case 'deleted':
      return capitalised(state);
  }
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
