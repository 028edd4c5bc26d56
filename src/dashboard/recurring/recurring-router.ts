import { Router } from 'express';
import { databaseNow } from '../../storage/database-now.js';
import { listRecurringJobs, type RecurringJob } from '../../storage/recurring-jobs.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import { formatNumber } from '../format/count.js';
import { formOf, readForm, saidBy } from '../frame/form.js';
import { type FormPage, showForm, submitForm } from '../frame/form-page.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import type { Url } from '../frame/url.js';
import { buttonsOfList } from './recurring-buttons.js';
import { recurringJobView } from './recurring-job-view.js';

/** The list of recurring jobs, and the acts on one or several. They are named in the form: their ids may hold slashes. */
export function recurringRouter(parts: DashboardParts): Router {
  const router = Router();
  addList(router, parts);
  addConfirmation(router, parts, { act: 'remove', pageOf: removalPage });
  addConfirmation(router, parts, { act: 'pause', pageOf: pausePage });
  addActs(router, parts);
  return router;
}

function addList(router: Router, { database, pages }: DashboardParts): void {
  router.get('/recurring', async (req, res) => {
    const [jobs, now] = await Promise.all([listRecurringJobs(database.kysely), databaseNow(database)]);
    const { url, rights, query } = visitOf(req);
    const { shown, pager } = pageOf(jobs, query.get('from'), url);
    const rows = shown.map((job) => recurringJobView(job, { now, url }));
    const selectable = rights.has('manage-recurring') && rows.length > 0;
    const model = { rows, count: formatNumber(jobs.length), pager, selectable, buttons: buttonsOfList(url) };
    const title = t.frame.recurring;
    await pages.show(req, res, { view: 'recurring-jobs', title, section: 'recurring', model });
  });
}

/** More would take longer to render than to read. */
const SHOWN = 200;

/** The jobs from a place on, counted from 0. Few installations have a second page. */
function pageOf(jobs: readonly RecurringJob[], from: string | null, url: Url) {
  const start = /^\d{1,6}$/.test(from ?? '') ? Number(from) : 0;
  const end = start + SHOWN;
  const pager = {
    first: start === 0 ? undefined : url('/recurring'),
    next: end < jobs.length ? url('/recurring', { from: String(end) }) : undefined,
    nextLabel: t.jobs.nextPage,
  };
  return { shown: jobs.slice(start, end), pager };
}

interface Confirmation {
  readonly act: 'remove' | 'pause';
  readonly pageOf: (ids: readonly string[], url: Url) => FormPage;
}

function addConfirmation(router: Router, { pages }: DashboardParts, { act, pageOf }: Confirmation): void {
  router.get(`/recurring/${act}`, requires('manage-recurring'), async (req, res) => {
    const { ids } = formOf(visitOf(req).query);
    const outcome = { act, asked: 0, applied: 0 };
    if (ids.length === 0) return redirectAfter(req, res, { to: '/recurring', outcome });
    await showForm({ req, res, pages }, pageOf(ids, visitOf(req).url));
  });
}

function addActs(router: Router, { recurringJobs, pages }: DashboardParts): void {
  type Said = ReturnType<typeof saidBy> & { readonly until?: string };
  const acts = {
    trigger: async (id: string, said: Said) => (await recurringJobs.trigger(id, said)) !== undefined,
    remove: (id: string, said: Said) => recurringJobs.remove(id, said),
    pause: (id: string, said: Said) => recurringJobs.pause(id, said),
    resume: (id: string, said: Said) => recurringJobs.resume(id, said),
    drop: (id: string, said: Said) => recurringJobs.dropOverride(id, said),
  };
  for (const act of ['trigger', 'remove', 'pause', 'resume', 'drop'] as const) {
    router.post(`/recurring/${act}`, requires('manage-recurring'), async (req, res) => {
      const { actor, url } = visitOf(req);
      const form = readForm(req.body);
      const said = { ...saidBy(actor, form), ...(form.until && { until: form.until }) };
      const page = act === 'remove' ? removalPage(form.ids, url) : pausePage(form.ids, url, form.until);
      await submitForm({ req, res, pages }, page, async () => {
        let applied = 0;
        for (const id of form.ids) if (await acts[act](id, said)) applied += 1;
        redirectAfter(req, res, { to: '/recurring', outcome: { act, asked: form.ids.length, applied } });
      });
    });
  }
}

function removalPage(ids: readonly string[], url: Url): FormPage {
  const { title, explanation, button } = t.recurring.forms.remove;
  return {
    ...aboutSeveral(ids, url),
    title: title(named(ids)),
    explanation,
    button,
    isDanger: true,
    action: url('/recurring/remove'),
  };
}

function pausePage(ids: readonly string[], url: Url, until = ''): FormPage {
  const { title, explanation, button, until: label } = t.recurring.forms.pause;
  const fields = [{ kind: 'text', name: 'until', label, value: until, limit: 50 } as const];
  return {
    ...aboutSeveral(ids, url),
    title: title(named(ids)),
    explanation,
    button,
    fields,
    action: url('/recurring/pause'),
  };
}

function aboutSeveral(ids: readonly string[], url: Url) {
  return {
    section: 'recurring',
    back: url('/recurring'),
    chosen: ids.map((id) => ({ text: id })),
    hidden: ids.map((id) => ({ name: 'ids', value: id })),
  } as const;
}

function named(ids: readonly string[]): string {
  return t.quantity(ids.length, t.recurring.noun);
}
