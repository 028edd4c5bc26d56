import type { HistoryEntry, Job } from './job.js';

/**
 * The whole history of a job, oldest first. Only failed attempts, recoveries and acts are rows; that the job was created,
 * is being processed or succeeded is read from its own columns, which saves the happy path a write each.
 */
export function history(job: Job, recorded: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return [created(job), ...recorded, ...latest(job, recorded)];
}

function created(job: Job): HistoryEntry {
  const state = job.scheduledFor === undefined ? 'enqueued' : 'scheduled';
  return { ...nothing, at: job.createdAt, state, runAt: job.scheduledFor };
}

/** What happened since the last recorded transition, told by the job's columns. */
function latest(job: Job, recorded: readonly HistoryEntry[]): HistoryEntry[] {
  const attemptIsRecorded = recorded.some(
    ({ from, attempt }) => from === 'processing' && attempt === job.attempt,
  );
  if (job.startedAt === undefined || job.attempt === 0 || attemptIsRecorded) return [];
  const attempt = { ...nothing, attempt: job.attempt, serverId: job.serverId };
  const processing: HistoryEntry = { ...attempt, at: job.startedAt, state: 'processing', from: 'enqueued' };
  if (job.state !== 'succeeded' || job.finishedAt === undefined) return [processing];
  const { startedAt, finishedAt } = job;
  return [processing, { ...attempt, at: finishedAt, state: 'succeeded', from: 'processing', startedAt }];
}

const nothing = {
  from: undefined,
  attempt: 0,
  serverId: undefined,
  startedAt: undefined,
  runAt: undefined,
  error: undefined,
  by: undefined,
  reason: undefined,
  endedAt: undefined,
  ending: undefined,
} satisfies Partial<HistoryEntry>;
