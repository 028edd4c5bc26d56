import type { Database } from '../../storage/database.js';
import { databaseNow } from '../../storage/database-now.js';
import { listJobs } from '../../storage/job-lists.js';
import type { JobSummary } from '../../storage/job-summaries.js';
import { type LatestFailure, latestFailures } from '../../storage/latest-failures.js';
import { nextRecurringJobs, type RecurringJob } from '../../storage/recurring-jobs.js';
import { listServers, type ServerRecord } from '../../storage/servers.js';
import { type Bar, readSeries } from '../../storage/statistics-series.js';
import { type NameTotals, totalsByName } from '../../storage/statistics-totals.js';
import type { Counts } from '../frame/navigation.js';
import { type QueueFacts, readQueues } from '../queues/queue-rows.js';
import { historyPeriods, type HistoryPeriod, LAST_MINUTES } from './periods.js';

/** How many of each the home page shows. */
const SHOWN = 5;
/** More servers than anybody runs: their slots are added up. */
const SERVER_LIMIT = 500;

/** What the home page tells. */
export interface Overview {
  readonly now: Date;
  readonly counts: Counts;
  readonly live: readonly Bar[];
  readonly history: readonly Bar[];
  readonly queues: readonly QueueFacts[];
  /** The running ones. */
  readonly servers: readonly ServerRecord[];
  /** Those that fire next. */
  readonly recurringJobs: readonly RecurringJob[];
  /** The names with the most failures of the last day. */
  readonly failing: readonly NameTotals[];
  readonly failures: readonly LatestFailure[];
  readonly deadLetters: readonly JobSummary[];
}

export async function readOverview(
  database: Database,
  asked: { readonly counts: Promise<Counts>; readonly period: HistoryPeriod },
): Promise<Overview> {
  const { kysely } = database;
  const [now, counts, queues, servers, recurringJobs, failures, deadLetters] = await Promise.all([
    databaseNow(database),
    asked.counts,
    readQueues(database),
    listServers(kysely, SERVER_LIMIT),
    nextRecurringJobs(kysely, SHOWN),
    latestFailures(kysely, SHOWN),
    listJobs(database, { state: 'dead', limit: SHOWN }),
  ]);
  const [live, history, names] = await Promise.all([
    readSeries(database, { period: LAST_MINUTES }),
    readSeries(database, { period: historyPeriods[asked.period] }),
    totalsByName(database, { period: historyPeriods.day, limit: SHOWN }),
  ]);
  return {
    now,
    counts,
    live,
    history,
    queues,
    servers: servers.filter(({ state }) => state === 'running'),
    recurringJobs,
    failing: names.filter(({ failed, dead }) => failed + dead > 0),
    failures,
    deadLetters: deadLetters.jobs,
  };
}
