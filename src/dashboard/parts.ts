import type { Acts } from '../client/acts.js';
import type { RecurringJobs } from '../client/recurring-jobs.js';
import type { Database } from '../storage/database.js';
import type { Pages } from './pages.js';

/** What the routers work with: reads go to the database, acts to the client. */
export interface DashboardParts {
  readonly database: Database;
  readonly acts: Acts;
  readonly recurringJobs: RecurringJobs;
  readonly pages: Pages;
}

/** Who acted, in the history of a job. */
export const ACTOR = 'dashboard';
