import { type Request, Router } from 'express';
import { type State, states } from '../../job/state.js';
import { databaseNow } from '../../storage/database-now.js';
import { type JobPage, listJobs } from '../../storage/job-lists.js';
import { knownServers } from '../../storage/known-servers.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import { formOf, type Form, readForm, saidBy } from '../frame/form.js';
import { type FormPage, showForm } from '../frame/form-page.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import type { Url } from '../frame/url.js';
import { type ListAct, listActsOn, transitionOf } from './acts.js';
import { argsPreviews } from './args-previews.js';
import { jobListView } from './job-list-view.js';
import { type ListRequest, listRequest } from './list-request.js';
import { listSearchBox } from './list-search-box.js';

/** The list of all jobs, that of each state, and the acts on the jobs that are ticked in it. */
export function jobListsRouter(parts: DashboardParts): Router {
  const router = Router();
  addList(router, undefined, parts);
  for (const state of states) {
    addList(router, state, parts);
    for (const act of listActsOn(state)) addAct(router, { state, act }, parts);
    if (listActsOn(state).includes('delete')) addConfirmation(router, state, parts);
  }
  return router;
}

function addList(router: Router, state: State | undefined, parts: DashboardParts): void {
  const { pages } = parts;
  router.get(`/${state ?? 'jobs'}`, async (req, res) => {
    const { url, query, rights } = visitOf(req);
    const request = listRequest(state, query, { rights, redaction: parts.redaction });
    const model = jobListView(await readList(req, request, parts), { rights, url });
    const title = state === undefined ? t.jobs.title : t.states[state].label;
    const search = listSearchBox(request, url);
    await pages.show(req, res, { view: 'jobs', title, section: state ?? 'jobs', model, search });
  });
}

async function readList(req: Request, request: ListRequest, { database, pages, redaction }: DashboardParts) {
  const { size: limit, isUnreadable, ...asked } = request;
  const [page, counts, now] = await Promise.all([
    isUnreadable ? nothingFound : listJobs(database, { ...asked, limit }),
    pages.counts(),
    databaseNow(database),
  ]);
  const { rights } = visitOf(req);
  const [servers, previews] = await Promise.all([
    knownServers(
      database.kysely,
      page.jobs.flatMap(({ serverId }) => serverId ?? []),
    ),
    argsPreviews(page.jobs, { rights, redaction }, database),
  ]);
  return { request, page, counts, now, servers, previews };
}

const nothingFound: JobPage = {
  jobs: [],
  next: undefined,
  looked: { count: 0, backTo: undefined, isComplete: true },
};

function addAct(
  router: Router,
  { state, act }: { state: State; act: ListAct },
  { acts }: DashboardParts,
): void {
  router.post(`/${state}/${act}`, requires('act'), async (req, res) => {
    const form = readForm(req.body);
    const options = { from: state, ...saidBy(visitOf(req).actor, form) };
    const applied = await acts.apply(transitionOf(act), form.ids, { options });
    const outcome = { act, asked: form.ids.length, applied: applied.length };
    redirectAfter(req, res, { to: `/${state}`, query: shownBy(form), outcome });
  });
}

function addConfirmation(router: Router, state: State, { pages }: DashboardParts): void {
  router.get(`/${state}/delete`, requires('act'), async (req, res) => {
    const { query, url } = visitOf(req);
    const form = formOf(query);
    const outcome = { act: 'delete', asked: 0, applied: 0 } as const;
    if (form.ids.length === 0)
      return redirectAfter(req, res, { to: `/${state}`, query: shownBy(form), outcome });
    await showForm({ req, res, pages }, deletionPage(state, form, url));
  });
}

function deletionPage(state: State, form: Form, url: Url): FormPage {
  const words = t.job.forms.delete;
  const shown = shownBy(form);
  return {
    title: words.titleOfMany(t.quantity(form.ids.length, t.jobs.noun)),
    explanation: words.explanation,
    section: state,
    action: url(`/${state}/delete`),
    back: url(`/${state}`, shown),
    button: words.button,
    isDanger: true,
    chosen: form.ids.map((id) => ({ text: `#${id}`, href: url(`/${id}`) })),
    notes: state === 'processing' ? [words.running] : [],
    hidden: [
      ...form.ids.map((id) => ({ name: 'ids', value: id })),
      ...Object.entries(shown).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    ],
  };
}

/** What the list showed: there the visitor returns. */
function shownBy({ q, order, size, place }: Form): Readonly<Record<string, string | undefined>> {
  return { q, order, size, place };
}
