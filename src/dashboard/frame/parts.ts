import type { Acts } from '../../client/acts.js';
import type { BulkActs } from '../../client/bulk-acts.js';
import type { JobChanger } from '../../client/job-changes.js';
import type { Queues } from '../../client/queues.js';
import type { RecurringJobs } from '../../client/recurring-jobs.js';
import type { RunAgain } from '../../client/run-again.js';
import type { Servers } from '../../client/servers.js';
import type { Database } from '../../storage/database.js';
import type { Redaction } from '../access/redaction.js';
import type { Pages } from './pages.js';

/** What the dashboard shows and acts on: reads go to the database, acts to the client. Made by createFirelock. */
export interface DashboardSubject {
  readonly database: Database;
  readonly acts: Acts;
  readonly changer: JobChanger;
  readonly runAgain: RunAgain;
  readonly bulkActs: BulkActs;
  readonly queues: Queues;
  readonly servers: Servers;
  readonly recurringJobs: RecurringJobs;
}

/** What the routers work with. */
export interface DashboardParts extends DashboardSubject {
  readonly redaction: Redaction;
  readonly pages: Pages;
}
