import { Router } from 'express';
import { visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import type { DashboardParts } from '../frame/parts.js';
import { homeView } from './home-view.js';
import { readOverview } from './overview.js';
import { historyPeriodOf } from './periods.js';

export function homeRouter({ database, pages }: DashboardParts): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { url, rights, query } = visitOf(req);
    const period = historyPeriodOf(query.get('period'));
    const overview = await readOverview(database, { counts: pages.counts(), period });
    const model = homeView(overview, { url, rights, period });
    await pages.show(req, res, { view: 'home', title: t.frame.home, section: 'home', model });
  });
  return router;
}
