import type { AuditEntry } from '../../job/audit.js';
import type { HistoryEntry, JobWithHistory } from '../../job/job.js';
import type { State } from '../../job/state.js';
import { english as t } from '../english.js';
import { type Cell, noCell, serverCell, stateCell, textCell, timeCell } from '../format/cell.js';
import { differences } from '../format/differences.js';
import type { Seen } from '../jobs/job-columns.js';
import { handlerAfterDeletion } from './cancellation.js';
import { isServerLoss } from './server-loss.js';

/** One line of what happened to a job: when, what, who, why. */
export interface HistoryLine {
  readonly at: Cell;
  /** The state that it came into, or what was changed. */
  readonly what: Cell;
  readonly attempt: Cell;
  readonly who: Cell;
  readonly why: Cell;
  readonly notes: readonly string[];
  /** The instant that was planned then. */
  readonly planned: Cell;
}

/** The states of a job and what people have changed about it without changing its state, the latest first. */
export function historyView(
  job: JobWithHistory,
  audit: readonly AuditEntry[],
  seen: Seen,
): readonly HistoryLine[] {
  const states = job.history.map((entry) => ({ at: entry.at, line: () => stateLine(entry, job, seen) }));
  const changes = audit.flatMap((entry) => {
    const line = changeLine(entry, seen);
    return line === undefined ? [] : [{ at: entry.at, line: () => line }];
  });
  return [...states, ...changes]
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ line }) => line())
    .toReversed();
}

function stateLine(entry: HistoryEntry, job: JobWithHistory, seen: Seen): HistoryLine {
  const { at, state, attempt, by, serverId, runAt } = entry;
  const { now, servers } = seen;
  const handler = handlerAfterDeletion(entry, seen);
  return {
    at: timeCell(at, now),
    what: stateCell(state),
    attempt: attempt === 0 ? noCell : textCell(String(attempt)),
    who: by === undefined ? serverCell(serverId, servers) : textCell(by),
    why: whyOf(entry, job),
    notes: handler === undefined ? [] : [t.job.handlers.note(handler)],
    planned: timeCell(runAt, now),
  };
}

/** Of the audit log only what the states do not tell. */
function changeLine(entry: AuditEntry, { now }: Seen): HistoryLine | undefined {
  const what = whatChanged(entry);
  if (what === undefined) return undefined;
  return {
    at: timeCell(entry.at, now),
    what: textCell(what),
    attempt: noCell,
    who: textCell(entry.by),
    why: textCell(entry.reason),
    notes: entry.act === 'change' ? differences(entry.before, entry.after) : [],
    planned: noCell,
  };
}

/** Of a copy its id alone: the args that it got may be hidden. */
function whatChanged({ act, after }: AuditEntry): string | undefined {
  if (act === 'change') return t.job.changed;
  return act === 'run again' ? t.job.ranAgain(idOfCopy(after)) : undefined;
}

/** As the client writes it into the log. */
function idOfCopy(after: unknown): string {
  return typeof after === 'object' && after !== null && 'jobId' in after ? String(after.jobId) : '';
}

function whyOf({ reason, error, from, state }: HistoryEntry, job: JobWithHistory): Cell {
  const reasons = t.job.reasons;
  if (reason !== undefined) return textCell(reason);
  if (isServerLoss(error)) return textCell(state === 'dead' ? reasons.lostOnceTooOften : reasons.lost);
  if (error !== undefined) return { kind: 'error', name: error.name, message: error.message };
  if (from === undefined) return textCell(creationOf(job));
  return from === 'processing' ? textCell(withoutFault[state]) : noCell;
}

function creationOf({ modelId, originId }: JobWithHistory): string {
  if (modelId !== undefined) return t.job.copyOf(modelId);
  return originId === undefined ? t.job.created : t.job.enqueuedBy(originId);
}

/** Why an attempt ended that neither succeeded nor failed. */
const withoutFault: Readonly<Partial<Record<State, string>>> = {
  enqueued: t.job.reasons.givenBack,
  scheduled: t.job.reasons.snoozed,
};
