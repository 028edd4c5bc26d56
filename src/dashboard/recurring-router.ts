import { Router } from 'express';
import { databaseNow, listRecurringJobs } from '../storage/recurring-jobs.js';
import { ensureMayAct } from './access.js';
import { formatQuantity } from './count.js';
import { formOf, readForm } from './form.js';
import { redirectAfter } from './pages.js';
import type { DashboardParts } from './parts.js';
import { recurringJobView } from './recurring-job-view.js';
import { visitOf } from './visit.js';

/** Recurring jobs are named in the form, not in the path: their ids may hold slashes, which proxies rewrite. */
export function recurringRouter(parts: DashboardParts): Router {
  const router = Router();
  addList(router, parts);
  addConfirmation(router, parts);
  addActs(router, parts);
  return router;
}

function addList(router: Router, { database, pages }: DashboardParts): void {
  router.get('/recurring', async (req, res) => {
    const [recurringJobs, now] = await Promise.all([
      listRecurringJobs(database.kysely),
      databaseNow(database),
    ]);
    const { url } = visitOf(req);
    const model = { rows: recurringJobs.map((recurringJob) => recurringJobView(recurringJob, { now, url })) };
    await pages.show(req, res, {
      view: 'recurring-jobs',
      title: 'Recurring jobs',
      section: 'recurring',
      model,
    });
  });
}

function addConfirmation(router: Router, { pages }: DashboardParts): void {
  router.get('/recurring/remove', async (req, res) => {
    ensureMayAct(req);
    const { ids } = formOf(visitOf(req).query);
    const outcome = { act: 'remove', asked: 0, applied: 0 } as const;
    if (ids.length === 0) return redirectAfter(req, res, { to: '/recurring', outcome });
    const title = `Remove ${formatQuantity(ids.length, 'recurring job')}?`;
    await pages.show(req, res, {
      view: 'remove-recurring-jobs',
      title,
      section: 'recurring',
      model: { ids },
    });
  });
}

function addActs(router: Router, { recurringJobs }: DashboardParts): void {
  const acts = {
    trigger: async (id: string) => (await recurringJobs.trigger(id)) !== undefined,
    remove: (id: string) => recurringJobs.remove(id),
  };
  for (const act of ['trigger', 'remove'] as const) {
    router.post(`/recurring/${act}`, async (req, res) => {
      const { ids } = readForm(req.body);
      let applied = 0;
      for (const id of ids) if (await acts[act](id)) applied += 1;
      redirectAfter(req, res, { to: '/recurring', outcome: { act, asked: ids.length, applied } });
    });
  }
}
