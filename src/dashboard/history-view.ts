import type { HistoryEntry, JobWithHistory } from '../job/job.js';
import type { State } from '../job/state.js';
import { handlerAfterDeletion } from './cancellation.js';
import { type Cell, noCell, serverCell, stateCell, textCell, timeCell } from './cell.js';
import type { Seen } from './job-columns.js';
import { isServerLoss } from './server-loss.js';

/** One line of the state history: when, what, who, why. */
export interface HistoryLine {
  readonly at: Cell;
  readonly state: Cell;
  readonly attempt: Cell;
  readonly who: Cell;
  readonly why: Cell;
  /** Of a job that was deleted while it ran: what became of its handler. */
  readonly handler: string | undefined;
  /** The instant that was planned then. */
  readonly planned: Cell;
}

/** The states of a job, the latest first. */
export function historyView(job: JobWithHistory, seen: Seen): readonly HistoryLine[] {
  return job.history.map((entry) => lineOf(entry, seen)).toReversed();
}

function lineOf(entry: HistoryEntry, seen: Seen): HistoryLine {
  const { at, state, attempt, by, serverId, runAt } = entry;
  const { now, servers } = seen;
  return {
    at: timeCell(at, now),
    state: stateCell(state),
    attempt: attempt === 0 ? noCell : textCell(String(attempt)),
    who: by === undefined ? serverCell(serverId, servers) : textCell(by),
    why: whyOf(entry),
    handler: handlerAfterDeletion(entry, seen),
    planned: timeCell(runAt, now),
  };
}

function whyOf({ reason, error, from, state }: HistoryEntry): Cell {
  if (reason !== undefined) return textCell(reason);
  if (isServerLoss(error))
    return textCell(
      state === 'dead' ? 'Its server was lost once too often' : uncounted('Its server was lost'),
    );
  if (error !== undefined) return { kind: 'error', name: error.name, message: error.message };
  if (from === undefined) return textCell('Created');
  return from === 'processing' ? textCell(withoutFault[state]) : noCell;
}

/** Why an attempt ended that neither succeeded nor failed. */
const withoutFault: Readonly<Partial<Record<State, string>>> = {
  enqueued: uncounted('Its server gave it back unfinished'),
  scheduled: uncounted('It asked to be run again later'),
};

function uncounted(why: string): string {
  return `${why}; the attempt does not count`;
}
