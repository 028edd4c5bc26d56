import { Router } from 'express';
import { type State, states } from '../../job/state.js';
import { databaseNow } from '../../storage/database-now.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { readForm, saidBy } from '../frame/form.js';
import type { DashboardParts } from '../frame/parts.js';
import { type ListAct, listActsOn } from '../jobs/acts.js';
import { listRequest, matcherOf, soughtBy } from '../jobs/list-request.js';
import { bulkActView, titleOf } from './bulk-act-view.js';
import { bulkPreviewView } from './bulk-preview-view.js';
import { findShownAct } from './shown-bulk-act.js';

/** Acts on all jobs of a state that match a search: what will happen, how far it is, and an end to it. */
export function bulkRouter(parts: DashboardParts): Router {
  const router = Router();
  for (const state of states) {
    for (const act of listActsOn(state)) {
      addPreview(router, { state, act }, parts);
      addStart(router, { state, act }, parts);
    }
  }
  addPage(router, parts);
  addControls(router, parts);
  return router;
}

interface Asked {
  readonly state: State;
  readonly act: ListAct;
}

function addPreview(router: Router, { state, act }: Asked, parts: DashboardParts): void {
  const { bulkActs, pages, redaction } = parts;
  router.get(`/${state}/all/${act}`, requires('act'), async (req, res) => {
    const { url, query, rights } = visitOf(req);
    const request = listRequest(state, query, { rights, redaction });
    const preview = request.isUnreadable
      ? undefined
      : await bulkActs.preview({ state, act, ...soughtBy(request) });
    const model = bulkPreviewView({ request, act, preview }, url);
    await pages.show(req, res, { view: 'bulk-preview', title: model.title, section: state, model });
  });
}

function addStart(router: Router, { state, act }: Asked, { bulkActs, redaction }: DashboardParts): void {
  router.post(`/${state}/all/${act}`, requires('act'), async (req, res) => {
    const { url, rights, actor } = visitOf(req);
    const form = readForm(req.body);
    const request = listRequest(state, new Map(Object.entries({ q: form.q })), { rights, redaction });
    // What was left out of it, or cannot be read, would act on more than was meant.
    if (request.problem !== undefined) return res.redirect(303, url(`/${state}/all/${act}`, { q: form.q }));
    const id = await bulkActs.start({ state, act, ...soughtBy(request), ...saidBy(actor, form) });
    res.redirect(303, url(`/bulk/${id}`));
  });
}

function addPage(router: Router, { database, pages }: DashboardParts): void {
  router.get('/bulk/:id', async (req, res) => {
    const [act, now] = await Promise.all([findShownAct(req.params.id, database), databaseNow(database)]);
    const { url, rights } = visitOf(req);
    const model = bulkActView(act, { now, url, rights });
    await pages.show(req, res, { view: 'bulk-act', title: titleOf(act), section: act.state, model });
  });
}

function addControls(router: Router, { database, bulkActs, redaction }: DashboardParts): void {
  router.post('/bulk/:id/stop', requires('act'), async (req, res) => {
    const { id } = await findShownAct(String(req.params['id']), database);
    const { actor, url } = visitOf(req);
    await bulkActs.stop(id, actor);
    res.redirect(303, url(`/bulk/${id}`));
  });
  router.post('/bulk/:id/resume', requires('act'), async (req, res) => {
    const { id, query } = await findShownAct(String(req.params['id']), database);
    // Whoever goes on with it: what is redacted stays hidden from the search that it was started with.
    const matchesArgs = matcherOf(query, redaction);
    const { actor, url } = visitOf(req);
    await bulkActs.resume(id, { matchesArgs, by: actor });
    res.redirect(303, url(`/bulk/${id}`));
  });
}
