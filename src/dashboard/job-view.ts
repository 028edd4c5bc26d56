import type { JobWithHistory } from '../job/job.js';
import { actButtons } from './acts.js';
import { attemptViews } from './attempt-view.js';
import { type Cell, noCell, serverCell, stateCell, textCell, timeCell } from './cell.js';
import { historyView } from './history-view.js';
import type { Seen } from './job-columns.js';
import { jsonView } from './json.js';
import { noticeOf } from './notice.js';
import type { Url } from './url.js';

export interface JobSeen extends Seen {
  readonly url: Url;
}

/** The model of views/job.ejs. */
export function jobView(job: JobWithHistory, seen: JobSeen): object {
  const { id, name, state, args, result } = job;
  return {
    id,
    name,
    state,
    stateCell: stateCell(state),
    notice: noticeOf(job, seen),
    buttons: actButtons(state, (act) => seen.url(`/${id}/${act}`)),
    facts: factsOf(job, seen).filter(({ cell }) => cell.kind !== 'none'),
    args: args === null ? undefined : jsonView(args),
    result: result === undefined ? undefined : jsonView(result),
    attempts: attemptViews(job, seen),
    history: historyView(job, seen),
  };
}

interface Fact {
  readonly term: string;
  readonly cell: Cell;
}

function factsOf(job: JobWithHistory, { now, servers, url }: JobSeen): readonly Fact[] {
  const { serverId, recurringJobId } = job;
  const plans = job.state === 'scheduled' || job.state === 'failed';
  return [
    { term: 'Queue', cell: textCell(job.queue) },
    { term: 'Priority', cell: textCell(job.priority) },
    { term: 'Attempt', cell: textCell(attemptOf(job)) },
    { term: 'Created', cell: timeCell(job.createdAt, now) },
    {
      term: job.state === 'failed' ? 'Next attempt' : 'Runs',
      cell: plans ? timeCell(job.runAt, now) : noCell,
    },
    { term: 'Started', cell: timeCell(job.startedAt, now) },
    { term: 'Ended', cell: timeCell(job.finishedAt, now) },
    { term: 'Server', cell: serverCell(serverId, servers) },
    { term: 'Recurring job', cell: textCell(recurringJobId, url('/recurring')) },
    { term: 'Occurrence', cell: timeCell(job.occurrence, now) },
    { term: 'Servers lost', cell: job.recoveries === 0 ? noCell : textCell(String(job.recoveries)) },
  ];
}

function attemptOf({ attempt, attemptLimit, uncounted }: JobWithHistory): string {
  return `${attempt} of ${attemptLimit}${uncounted === 0 ? '' : `, ${uncounted} not counted`}`;
}
