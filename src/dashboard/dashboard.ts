import express, { type Express, type Router } from 'express';
import type { Acts } from '../client/acts.js';
import type { BulkActs } from '../client/bulk-acts.js';
import type { RecurringJobs } from '../client/recurring-jobs.js';
import type { Logger } from '../job/context.js';
import type { Database } from '../storage/database.js';
import { admission, requireAccess } from './access.js';
import { errorPages, noSuchPage } from './error-pages.js';
import { homeRouter } from './home-router.js';
import { jobListsRouter } from './job-lists-router.js';
import { jobRouter } from './job-router.js';
import { type DashboardOptions, checkDashboardOptions } from './options.js';
import { Pages } from './pages.js';
import { recurringJobRouter } from './recurring-job-router.js';
import { recurringRouter } from './recurring-router.js';
import { requireSameOrigin } from './same-origin.js';
import { noStore, securityHeaders } from './security-headers.js';
import { serversRouter } from './servers-router.js';
import { staticFiles } from './static-files.js';

/** What a dashboard shows and acts on; made by createFirelock. */
export interface DashboardSubject {
  readonly database: Database;
  readonly acts: Acts;
  readonly bulkActs: BulkActs;
  readonly recurringJobs: RecurringJobs;
  readonly logger: Logger;
}

/**
 * The dashboard, to be mounted under any path. It is an app of its own, so that the settings of the host app (view engine,
 * query parser, ETags) neither reach it nor are touched.
 * @throws InvalidOptionsError
 */
export function createDashboard(subject: DashboardSubject, options?: DashboardOptions): Express {
  const { authorize } = checkDashboardOptions(options);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders);
  app.use('/public', staticFiles());
  // Outside of the pages and their error handler: what `authorize` throws is the host app's to handle.
  app.use(admission(authorize));
  app.use(pagesRouter(subject));
  return app;
}

function pagesRouter({ database, acts, recurringJobs, logger }: DashboardSubject): Router {
  const parts = { database, acts, recurringJobs, pages: new Pages(database) };
  const router = express.Router();
  router.use(noStore, requireAccess, requireSameOrigin, express.urlencoded({ extended: false }));
  router.use(
    homeRouter(parts),
    serversRouter(parts),
    recurringRouter(parts),
    recurringJobRouter(parts),
    jobListsRouter(parts),
    jobRouter(parts),
  );
  router.use(noSuchPage, errorPages({ logger, schema: database.schema }));
  return router;
}
