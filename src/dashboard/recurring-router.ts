import { Router } from 'express';
import { databaseNow } from '../storage/database-now.js';
import { listRecurringJobs } from '../storage/recurring-jobs.js';
import { ensureMayAct } from './access.js';
import { formatQuantity } from './count.js';
import { formOf, readForm } from './form.js';
import { redirectAfter } from './pages.js';
import { ACTOR, type DashboardParts } from './parts.js';
import { recurringJobView } from './recurring-job-view.js';
import { visitOf } from './visit.js';

/** The list of recurring jobs, and the acts on one or several. They are named in the form: their ids may hold slashes. */
export function recurringRouter(parts: DashboardParts): Router {
  const router = Router();
  addList(router, parts);
  addConfirmation(router, parts, { act: 'remove', verb: 'Remove', view: 'remove-recurring-jobs' });
  addConfirmation(router, parts, { act: 'pause', verb: 'Pause', view: 'pause-recurring-jobs' });
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

interface Confirmation {
  readonly act: 'remove' | 'pause';
  readonly verb: string;
  readonly view: 'remove-recurring-jobs' | 'pause-recurring-jobs';
}

function addConfirmation(router: Router, { pages }: DashboardParts, { act, verb, view }: Confirmation): void {
  router.get(`/recurring/${act}`, async (req, res) => {
    ensureMayAct(req);
    const { ids } = formOf(visitOf(req).query);
    const outcome = { act, asked: 0, applied: 0 };
    if (ids.length === 0) return redirectAfter(req, res, { to: '/recurring', outcome });
    const title = `${verb} ${formatQuantity(ids.length, 'recurring job')}?`;
    await pages.show(req, res, { view, title, section: 'recurring', model: { ids } });
  });
}

function addActs(router: Router, { recurringJobs }: DashboardParts): void {
  const acts = {
    trigger: async (id: string) => (await recurringJobs.trigger(id, { by: ACTOR })) !== undefined,
    remove: (id: string) => recurringJobs.remove(id, { by: ACTOR }),
    pause: (id: string, said: { reason?: string; until?: string }) =>
      recurringJobs.pause(id, { by: ACTOR, ...said }),
    resume: (id: string) => recurringJobs.resume(id, { by: ACTOR }),
    drop: (id: string) => recurringJobs.dropOverride(id, { by: ACTOR }),
  };
  for (const act of ['trigger', 'remove', 'pause', 'resume', 'drop'] as const) {
    router.post(`/recurring/${act}`, async (req, res) => {
      const { ids, reason, until } = readForm(req.body);
      const said = { ...(reason && { reason }), ...(until && { until }) };
      let applied = 0;
      for (const id of ids) if (await acts[act](id, said)) applied += 1;
      redirectAfter(req, res, { to: '/recurring', outcome: { act, asked: ids.length, applied } });
    });
  }
}
