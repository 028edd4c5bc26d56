import type { HistoryEntry, JobWithHistory } from '../job/job.js';
import { type Cell, noCell, serverCell, stateCell, textCell, timeCell } from './cell.js';
import type { Seen } from './job-columns.js';

/** One line of the state history: when, what, who, why. */
export interface HistoryLine {
  readonly at: Cell;
  readonly state: Cell;
  readonly attempt: Cell;
  readonly who: Cell;
  readonly why: Cell;
  /** The instant that was planned then. */
  readonly planned: Cell;
}

/** The states of a job, the latest first. */
export function historyView(job: JobWithHistory, seen: Seen): readonly HistoryLine[] {
  return job.history.map((entry) => lineOf(entry, seen)).toReversed();
}

function lineOf(entry: HistoryEntry, { now, serverNames }: Seen): HistoryLine {
  const { at, state, attempt, by, serverId, runAt } = entry;
  return {
    at: timeCell(at, now),
    state: stateCell(state),
    attempt: attempt === 0 ? noCell : textCell(String(attempt)),
    who: by === undefined ? serverCell(serverId, serverNames) : textCell(by),
    why: whyOf(entry),
    planned: timeCell(runAt, now),
  };
}

function whyOf({ reason, error, from }: HistoryEntry): Cell {
  if (reason !== undefined) return textCell(reason);
  if (error !== undefined) return { kind: 'error', name: error.name, message: error.message };
  return from === undefined ? textCell('Created') : noCell;
}
