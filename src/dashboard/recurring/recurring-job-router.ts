import { Router } from 'express';
import { databaseNow } from '../../storage/database-now.js';
import type { RecurringJob } from '../../storage/recurring-jobs.js';
import { recurringRuns } from '../../storage/recurring-runs.js';
import { requires } from '../access/access.js';
import { type Visit, visitOf } from '../access/visit.js';
import { type Form, readForm, saidBy } from '../frame/form.js';
import { type FormPage, showForm, submitForm } from '../frame/form-page.js';
import { argsOf } from '../frame/json-field.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import { changePage, runPage, type Typed } from './recurring-form-pages.js';
import { overrideOf } from './recurring-override.js';
import { findShownJob, scheduleIfAny } from './recurring-page.js';
import { recurringPageView } from './recurring-page-view.js';
import { shownArgs } from './shown-args.js';

const RUNS_SHOWN = 20;

/** One recurring job: its page, and the forms in which something is typed about it. */
export function recurringJobRouter(parts: DashboardParts): Router {
  const router = Router();
  addPage(router, parts);
  addForm(router, parts, { path: '/recurring/run', pageOf: runPage, submit: run });
  addForm(router, parts, { path: '/recurring/change', pageOf: changePage, submit: change });
  return router;
}

function addPage(router: Router, { database, pages, redaction }: DashboardParts): void {
  router.get('/recurring/job', async (req, res) => {
    const { url, query, rights } = visitOf(req);
    const job = await findShownJob(query.get('id') ?? '', database);
    const [runs, now, schedule] = await Promise.all([
      recurringRuns(database.kysely, job.id, RUNS_SHOWN),
      databaseNow(database),
      scheduleIfAny(job, database),
    ]);
    const model = recurringPageView({ job, runs, schedule }, { now, url, rights, redaction });
    await pages.show(req, res, { view: 'recurring-job', title: job.id, section: 'recurring', model });
  });
}

interface FormRoute {
  readonly path: '/recurring/run' | '/recurring/change';
  readonly pageOf: (typed: Typed) => FormPage;
  readonly submit: (parts: DashboardParts, submission: Submission) => Promise<Done>;
}

interface Submission {
  readonly job: RecurringJob;
  readonly form: Form;
  readonly visit: Visit;
}

interface Done {
  readonly act: 'trigger' | 'override';
  readonly applied: boolean;
}

function addForm(router: Router, parts: DashboardParts, { path, pageOf, submit }: FormRoute): void {
  const { database, pages, redaction } = parts;
  const typed = (job: RecurringJob, visit: Visit, form?: Form): Typed => ({
    job,
    form,
    url: visit.url,
    args: shownArgs(job, visit.rights, redaction),
  });
  router.get(path, requires('manage-recurring'), async (req, res) => {
    const visit = visitOf(req);
    const job = await findShownJob(visit.query.get('id') ?? '', database);
    await showForm({ req, res, pages }, pageOf(typed(job, visit)));
  });
  router.post(path, requires('manage-recurring'), async (req, res) => {
    const visit = visitOf(req);
    const form = readForm(req.body);
    const job = await findShownJob(form.id ?? '', database);
    await submitForm({ req, res, pages }, pageOf(typed(job, visit, form)), async () => {
      const { act, applied } = await submit(parts, { job, form, visit });
      redirectAfter(req, res, { to: '/recurring', outcome: { act, asked: 1, applied: applied ? 1 : 0 } });
    });
  });
}

async function run(
  { recurringJobs, redaction }: DashboardParts,
  { job, form, visit }: Submission,
): Promise<Done> {
  const args = shownArgs(job, visit.rights, redaction) === undefined ? undefined : argsOf(form);
  const options = { ...saidBy(visit.actor, form), ...(args !== undefined && { args }) };
  return { act: 'trigger', applied: (await recurringJobs.trigger(job.id, options)) !== undefined };
}

async function change(parts: DashboardParts, { job, form, visit }: Submission): Promise<Done> {
  const { recurringJobs, redaction } = parts;
  const mayEditArgs = shownArgs(job, visit.rights, redaction) !== undefined;
  const override = overrideOf(form, job, { mayEditArgs });
  const said = saidBy(visit.actor, form);
  const applied =
    override === undefined
      ? await recurringJobs.dropOverride(job.id, said)
      : await recurringJobs.override(job.id, override, said);
  return { act: 'override', applied };
}
