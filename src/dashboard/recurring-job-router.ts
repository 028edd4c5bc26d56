import { Router } from 'express';
import { databaseNow } from '../storage/database-now.js';
import { recurringRuns } from '../storage/recurring-runs.js';
import { ensureMayAct } from './access.js';
import { redirectAfter } from './pages.js';
import { ACTOR, type DashboardParts } from './parts.js';
import { argsOf } from './recurring-form.js';
import { type FormPage, showForm, submit } from './recurring-form-page.js';
import { overrideOf } from './recurring-override.js';
import { findShownJob, scheduleIfAny } from './recurring-page.js';
import { recurringPageView } from './recurring-page-view.js';
import { visitOf } from './visit.js';

const RUNS_SHOWN = 20;

/** One recurring job: its page, and the forms in which something is typed about it. */
export function recurringJobRouter(parts: DashboardParts): Router {
  const router = Router();
  addPage(router, parts);
  for (const page of [runPage(parts), changePage(parts)]) addForm(router, parts, page);
  return router;
}

function addPage(router: Router, { database, pages }: DashboardParts): void {
  router.get('/recurring/job', async (req, res) => {
    const { url, query } = visitOf(req);
    const job = await findShownJob(query.get('id') ?? '', database);
    const [runs, now, schedule] = await Promise.all([
      recurringRuns(database.kysely, job.id, RUNS_SHOWN),
      databaseNow(database),
      scheduleIfAny(job, database),
    ]);
    const model = recurringPageView({ job, runs, schedule }, { now, url });
    await pages.show(req, res, { view: 'recurring-job', title: job.id, section: 'recurring', model });
  });
}

function addForm(router: Router, parts: DashboardParts, page: FormPage): void {
  router.get(page.path, async (req, res) => {
    ensureMayAct(req);
    const job = await findShownJob(visitOf(req).query.get('id') ?? '', parts.database);
    await showForm(req, res, { page, parts, job });
  });
  router.post(page.path, (req, res) => submit(req, res, { page, parts }));
}

function runPage({ recurringJobs }: DashboardParts): FormPage {
  return {
    path: '/recurring/run',
    view: 'run-recurring-job',
    title: 'Run now with other args',
    submit: async ({ req, res, form, job }) => {
      const options = { args: argsOf(form), by: ACTOR, ...(form.reason && { reason: form.reason }) };
      const applied = (await recurringJobs.trigger(job.id, options)) === undefined ? 0 : 1;
      redirectAfter(req, res, { to: '/recurring', outcome: { act: 'trigger', asked: 1, applied } });
    },
  };
}

function changePage({ recurringJobs }: DashboardParts): FormPage {
  return {
    path: '/recurring/change',
    view: 'change-recurring-job',
    title: 'Change',
    submit: async ({ req, res, form, job }) => {
      const override = overrideOf(form, job);
      const said = { by: ACTOR, ...(form.reason && { reason: form.reason }) };
      const changed =
        override === undefined
          ? await recurringJobs.dropOverride(job.id, said)
          : await recurringJobs.override(job.id, override, said);
      const outcome = { act: 'change', asked: 1, applied: changed ? 1 : 0 } as const;
      redirectAfter(req, res, { to: '/recurring', outcome });
    },
  };
}
