import type { ErrorRecord } from '../../job/error-record.js';
import type { HistoryEntry, JobWithHistory } from '../../job/job.js';
import type { State } from '../../job/state.js';
import { english as t } from '../english.js';
import { handlerAfterDeletion, stillRuns } from './cancellation.js';
import { type Cell, noCell, serverCell, textCell, timeCell } from '../format/cell.js';
import { type ErrorView, errorChain } from './error-view.js';
import type { Seen } from '../jobs/job-columns.js';
import { isServerLoss, isTimeout } from './server-loss.js';
import { formatDuration } from '../format/time.js';

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
  return textCell(isRunning ? t.job.soFar(length) : length);
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
  const words = t.job.outcomes;
  const failed = isTimeout(error) ? words.timedOut : words.failed;
  switch (state) {
    case 'enqueued':
      return isServerLoss(error) ? words.enqueuedLost : words.enqueued;
    case 'scheduled':
    case 'processing':
      return words[state];
    case 'failed':
      return failed;
    case 'dead':
      return isServerLoss(error) ? words.deadLost : words.outOfAttempts(failed);
    case 'awaiting':
    case 'succeeded':
    case 'deleted':
      return t.states[state].one;
  }
}
