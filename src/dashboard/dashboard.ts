import express, { type Express, type Router } from 'express';
import type { Logger } from '../job/context.js';
import { admission, requireView } from './access/access.js';
import { limitActs } from './access/rate-limit.js';
import { Redaction } from './access/redaction.js';
import { requireSameOrigin } from './access/same-origin.js';
import { noStore, securityHeaders } from './access/security-headers.js';
import { apiErrors } from './api/api-errors.js';
import { apiRouter } from './api/api-router.js';
import { auditRouter } from './audit/audit-router.js';
import { bulkRouter } from './bulk/bulk-router.js';
import { errorPages, noSuchPage } from './frame/error-pages.js';
import { BODY_LIMIT } from './frame/form.js';
import { Pages } from './frame/pages.js';
import type { DashboardParts, DashboardSubject } from './frame/parts.js';
import { staticFiles } from './frame/static-files.js';
import { homeRouter } from './home/home-router.js';
import { jobRouter } from './job/job-router.js';
import { completionsRouter } from './jobs/completions-router.js';
import { groupsRouter } from './jobs/groups-router.js';
import { jobListsRouter } from './jobs/job-lists-router.js';
import { checkDashboardOptions, type DashboardOptions } from './options.js';
import { queuesRouter } from './queues/queues-router.js';
import { recurringJobRouter } from './recurring/recurring-job-router.js';
import { recurringRouter } from './recurring/recurring-router.js';
import { serversRouter } from './servers/servers-router.js';

/**
 * The dashboard, to be mounted under any path. It is an app of its own, so that the settings of the host app (view engine,
 * query parser, ETags) neither reach it nor are touched.
 * @throws InvalidOptionsError
 */
export function createDashboard(
  subject: DashboardSubject,
  logger: Logger,
  options?: DashboardOptions,
): Express {
  const checked = checkDashboardOptions(options);
  const { database } = subject;
  const parts = { ...subject, pages: new Pages(database), redaction: new Redaction(checked.redact) };
  const guards = [noStore, requireView, requireSameOrigin(checked.trustedOrigins), limitActs()];
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders);
  app.use('/public', staticFiles());
  // Outside of the router whose errors are answered here: what `authorize` throws is the host app's to handle.
  app.use(admission(checked, logger));
  const surroundings = { logger, schema: database.schema };
  app.use(
    express
      .Router()
      .use(guards, parts.pages.countAnewAfterActs)
      .use('/api', apiRouter(parts), apiErrors(surroundings))
      .use(pagesRouter(parts), noSuchPage, errorPages(surroundings)),
  );
  return app;
}

function pagesRouter(parts: DashboardParts): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: BODY_LIMIT }));
  router.use(
    homeRouter(parts),
    queuesRouter(parts),
    serversRouter(parts),
    recurringRouter(parts),
    recurringJobRouter(parts),
    auditRouter(parts),
    bulkRouter(parts),
    groupsRouter(parts),
    completionsRouter(parts),
    jobListsRouter(parts),
    jobRouter(parts),
  );
  return router;
}
