import { Router } from 'express';
import { storable } from '../../job/serialisation.js';
import { listAuditLog } from '../../storage/audit-log.js';
import { listBulkActs } from '../../storage/bulk-acts.js';
import { databaseNow } from '../../storage/database-now.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { bulkActSummary } from '../bulk/bulk-act-view.js';
import { english as t } from '../english.js';
import type { DashboardParts } from '../frame/parts.js';
import { auditView } from './audit-view.js';

const PAGE_SIZE = 50;
const BULK_ACTS_SHOWN = 5;

/** What people have done. */
export function auditRouter({ database, pages, redaction }: DashboardParts): Router {
  const router = Router();
  router.get('/audit', requires('view-audit'), async (req, res) => {
    const { url, query, rights } = visitOf(req);
    const by = storable(query.get('by') ?? '').trim();
    const before = placeOf(query.get('place'));
    const [page, bulkActs, now] = await Promise.all([
      listAuditLog(database.kysely, { limit: PAGE_SIZE, before, by: by === '' ? undefined : by }),
      before === undefined && by === '' ? listBulkActs(database.kysely, BULK_ACTS_SHOWN) : [],
      databaseNow(database),
    ]);
    const model = {
      ...auditView(page, { now, url, rights, redaction, by, isFirstPage: before === undefined }),
      bulkActs: bulkActs.map((act) => bulkActSummary(act, { now, url, rights })),
    };
    await pages.show(req, res, { view: 'audit', title: t.frame.audit, section: 'audit', model });
  });
  return router;
}

/** What Postgres could not read as an id must not reach it. */
function placeOf(place: string | null): string | undefined {
  return place !== null && /^\d{1,18}$/.test(place) ? place : undefined;
}
