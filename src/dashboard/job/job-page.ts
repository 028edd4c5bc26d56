import type { AuditEntry } from '../../job/audit.js';
import { checkJobId } from '../../job/job-id.js';
import type { JobWithHistory } from '../../job/job.js';
import { listAuditLog } from '../../storage/audit-log.js';
import type { Database } from '../../storage/database.js';
import { databaseNow } from '../../storage/database-now.js';
import { jobLog, type LogLine, type ProgressBar, progressBars } from '../../storage/job-output.js';
import { findJob } from '../../storage/jobs.js';
import { type Descendant, jobsOf } from '../../storage/descendants.js';
import { knownServers } from '../../storage/known-servers.js';
import { listQueues } from '../../storage/queues.js';
import { takersOf } from '../../storage/takers.js';
import { english as t } from '../english.js';
import { notFound } from '../frame/page-error.js';
import type { Seen } from '../jobs/job-columns.js';
import type { Waiting } from './whereabouts.js';

const LINES_SHOWN = 1001;
const CHANGES_SHOWN = 50;
export const CHILDREN_SHOWN = 50;
const QUEUE_LIMIT = 1000;

/** What the page of a job tells. */
export interface JobPageFacts {
  readonly job: JobWithHistory;
  readonly seen: Seen;
  readonly waiting: Waiting | undefined;
  readonly lines: readonly LogLine[];
  readonly bars: readonly ProgressBar[];
  readonly children: readonly Descendant[];
  readonly changes: readonly AuditEntry[];
}

/** @throws PageError if there is none */
export async function findShownJob(id: string, { kysely }: Database): Promise<JobWithHistory> {
  const job = await findJob(kysely, checkJobId(id));
  if (job !== undefined) return job;
  throw notFound(t.errors.noJob.title(id), t.errors.noJob.advice);
}

export async function readJobPage(id: string, database: Database): Promise<JobPageFacts> {
  const { kysely } = database;
  const job = await findShownJob(id, database);
  const [surroundings, lines, bars, children, { entries }] = await Promise.all([
    readSurroundings(job, database),
    jobLog(kysely, { jobId: id, attempt: job.attempt, limit: LINES_SHOWN }),
    progressBars(kysely, id),
    jobsOf(kysely, id, CHILDREN_SHOWN + 1),
    listAuditLog(kysely, { limit: CHANGES_SHOWN, on: { subject: 'job', target: id } }),
  ]);
  return { job, ...surroundings, lines, bars, children, changes: entries };
}

/** What tells why a job is where it is. */
export async function readSurroundings(
  job: JobWithHistory,
  database: Database,
): Promise<Pick<JobPageFacts, 'seen' | 'waiting'>> {
  const [now, servers, waiting] = await Promise.all([
    databaseNow(database),
    knownServers(
      database.kysely,
      job.history.flatMap(({ serverId }) => serverId ?? []),
    ),
    job.state === 'enqueued' ? readWaiting(job, database) : undefined,
  ]);
  return { seen: { now, servers }, waiting };
}

async function readWaiting(job: JobWithHistory, database: Database): Promise<Waiting> {
  const [queues, takers] = await Promise.all([listQueues(database, QUEUE_LIMIT), takersOf(database, job)]);
  return { queue: queues.find(({ name }) => name === job.queue), takers };
}
