import type { Kysely, Selectable } from 'kysely';
import { history } from '../job/history.js';
import type { HistoryEntry, Job, JobWithHistory } from '../job/job.js';
import { priorityOfRank } from '../job/priority.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** The job with its whole history, or undefined if there is none (any more). */
export async function findJob(kysely: Kysely<Tables>, id: string): Promise<JobWithHistory | undefined> {
  const row = await kysely.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const transitions = await kysely
    .selectFrom('transitions')
    .selectAll()
    .where('jobId', '=', id)
    .orderBy('at')
    .orderBy('id')
    .execute();
  const job = toJob(row);
  return { ...job, history: history(job, transitions.map(toHistoryEntry)) };
}

function toJob(row: Selectable<Tables['jobs']>): Job {
  return {
    id: idOf(row.id),
    name: row.name,
    queue: row.queue,
    priority: priorityOfRank(row.priority),
    state: row.state,
    args: row.args,
    result: row.result ?? undefined,
    attempt: row.attempt,
    attemptLimit: row.attemptLimit,
    uncounted: row.uncounted,
    timeoutMs: row.timeoutMs ?? undefined,
    recoveries: row.recoveries,
    runAt: instant(row.runAt),
    createdAt: instant(row.createdAt),
    scheduledFor: instant(row.scheduledFor),
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    serverId: idOf(row.serverId),
    recurringJobId: row.recurringJobId ?? undefined,
    occurrence: instant(row.occurrence),
    tags: row.tags ?? [],
    originId: idOf(row.originId),
    modelId: idOf(row.modelId),
  };
}

function toHistoryEntry(row: Selectable<Tables['transitions']>): HistoryEntry {
  return {
    at: instant(row.at),
    state: row.toState,
    from: row.fromState,
    attempt: row.attempt,
    serverId: idOf(row.serverId),
    startedAt: instant(row.startedAt),
    runAt: instant(row.runAt),
    error: row.error ?? undefined,
    by: row.actedBy ?? undefined,
    reason: row.reason ?? undefined,
    endedAt: instant(row.endedAt),
    ending: row.ending ?? undefined,
  };
}
