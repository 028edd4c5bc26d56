import { Router } from 'express';
import { homeView } from './home-view.js';
import { readOverview } from './overview.js';
import type { DashboardParts } from './parts.js';
import { visitOf } from './visit.js';

export function homeRouter({ database, pages }: DashboardParts): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const overview = await readOverview(database);
    const model = homeView(overview, visitOf(req).url);
    await pages.show(req, res, {
      view: 'home',
      title: 'Home',
      section: 'home',
      model,
      counts: overview.counts,
    });
  });
  return router;
}
