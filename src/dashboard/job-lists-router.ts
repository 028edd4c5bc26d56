import { Router } from 'express';
import { type State, states } from '../job/state.js';
import { listJobs } from '../storage/job-lists.js';
import { databaseNow } from '../storage/database-now.js';
import { knownServers } from '../storage/known-servers.js';
import { countJobs } from '../storage/job-counts.js';
import { ensureMayAct } from './access.js';
import { type DashboardAct, actsOn, dashboardActs } from './acts.js';
import { deletionView } from './deletion-view.js';
import { formOf, readForm } from './form.js';
import { formatQuantity } from './count.js';
import { jobListView } from './job-list-view.js';
import { redirectAfter } from './pages.js';
import { ACTOR, type DashboardParts } from './parts.js';
import { stateTabs } from './state-tabs.js';
import { visitOf } from './visit.js';

const PAGE_SIZE = 50;

/** The list of each state, and the acts on the jobs that are ticked in it. */
export function jobListsRouter(parts: DashboardParts): Router {
  const router = Router();
  for (const state of states) {
    addList(router, state, parts);
    for (const act of actsOn(state)) addAct(router, { state, act }, parts);
    if (actsOn(state).includes('delete')) addConfirmation(router, state, parts);
  }
  return router;
}

function addList(router: Router, state: State, { database, pages }: DashboardParts): void {
  router.get(`/${state}`, async (req, res) => {
    const { query, url } = visitOf(req);
    const place = query.get('place') ?? undefined;
    const [page, counts, now] = await Promise.all([
      listJobs(database.kysely, { state, place, limit: PAGE_SIZE }),
      countJobs(database),
      databaseNow(database),
    ]);
    const servers = await knownServers(
      database.kysely,
      page.jobs.flatMap(({ serverId }) => serverId ?? []),
    );
    const model = jobListView({ state, page, place, counts, now, servers }, url);
    await pages.show(req, res, {
      view: 'jobs',
      title: stateTabs[state].label,
      section: state,
      model,
      counts,
    });
  });
}

function addAct(
  router: Router,
  { state, act }: { state: State; act: DashboardAct },
  { acts }: DashboardParts,
): void {
  router.post(`/${state}/${act}`, async (req, res) => {
    const { ids, place, reason } = readForm(req.body);
    const options = { from: state, by: ACTOR, ...(reason === undefined ? {} : { reason }) };
    const applied = await acts.apply(dashboardActs[act], ids, { options });
    const outcome = { act, asked: ids.length, applied: applied.length };
    redirectAfter(req, res, { to: `/${state}`, place, outcome });
  });
}

function addConfirmation(router: Router, state: State, { pages }: DashboardParts): void {
  router.get(`/${state}/delete`, async (req, res) => {
    ensureMayAct(req);
    const { query, url } = visitOf(req);
    const { ids, place } = formOf(query);
    const outcome = { act: 'delete', asked: 0, applied: 0 } as const;
    if (ids.length === 0) return redirectAfter(req, res, { to: `/${state}`, place, outcome });
    const model = deletionView({ ids, from: state, path: `/${state}`, place }, url);
    const title = `Delete ${formatQuantity(ids.length, 'job')}?`;
    await pages.show(req, res, { view: 'delete-jobs', title, section: state, model });
  });
}
