import type { Database } from '../storage/database.js';
import { type JobSummary, listJobs } from '../storage/job-lists.js';
import { type LatestFailure, latestFailures } from '../storage/latest-failures.js';
import { type QueueLength, queueLengths } from '../storage/queue-lengths.js';
import { databaseNow } from '../storage/database-now.js';
import { type RecurringJob, listRecurringJobs } from '../storage/recurring-jobs.js';
import { type ServerRecord, listServers } from '../storage/servers.js';
import { countJobs } from '../storage/job-counts.js';
import type { Counts } from './navigation.js';

/** How many of each the home page shows. */
const SHOWN = 5;
/** More servers than anybody runs: their slots are added up. */
const SERVER_LIMIT = 500;

const QUEUE_LIMIT = 100;

/** What the home page tells. */
export interface Overview {
  readonly now: Date;
  readonly counts: Counts;
  readonly queues: readonly QueueLength[];
  /** The running ones. */
  readonly servers: readonly ServerRecord[];
  /** Those that fire next. */
  readonly recurringJobs: readonly RecurringJob[];
  readonly failures: readonly LatestFailure[];
  readonly deadLetters: readonly JobSummary[];
}

export async function readOverview(database: Database): Promise<Overview> {
  const { kysely } = database;
  const [now, counts, queues, servers, recurringJobs, failures, deadLetters] = await Promise.all([
    databaseNow(database),
    countJobs(database),
    queueLengths(database, QUEUE_LIMIT),
    listServers(kysely, SERVER_LIMIT),
    listRecurringJobs(kysely),
    latestFailures(kysely, SHOWN),
    listJobs(kysely, { state: 'dead', limit: SHOWN }),
  ]);
  return {
    now,
    counts,
    queues,
    servers: servers.filter(({ state }) => state === 'running'),
    recurringJobs: recurringJobs.filter(({ nextRunAt }) => nextRunAt !== undefined).slice(0, SHOWN),
    failures,
    deadLetters: deadLetters.jobs,
  };
}
