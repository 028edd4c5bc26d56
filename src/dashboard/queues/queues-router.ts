import { Router } from 'express';
import { databaseNow } from '../../storage/database-now.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import { formOf, readForm, saidBy } from '../frame/form.js';
import { type FormPage, showForm } from '../frame/form-page.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import type { Url } from '../frame/url.js';
import { readQueues } from './queue-rows.js';
import { queueView } from './queue-view.js';

/** The queues, and their pauses. They are named in the form: their names may hold slashes. */
export function queuesRouter(parts: DashboardParts): Router {
  const router = Router();
  addList(router, parts);
  addConfirmation(router, parts);
  addActs(router, parts);
  return router;
}

function addList(router: Router, { database, pages }: DashboardParts): void {
  router.get('/queues', async (req, res) => {
    const [queues, now] = await Promise.all([readQueues(database), databaseNow(database)]);
    const { url } = visitOf(req);
    const model = { rows: queues.map((queue) => queueView(queue, { now, url })) };
    await pages.show(req, res, { view: 'queues', title: t.frame.queues, section: 'queues', model });
  });
}

function addConfirmation(router: Router, { pages }: DashboardParts): void {
  router.get('/queues/pause', requires('pause'), async (req, res) => {
    const { url, query } = visitOf(req);
    const { queue = '' } = formOf(query);
    await showForm({ req, res, pages }, pausePage(queue, url));
  });
}

function addActs(router: Router, { queues }: DashboardParts): void {
  for (const act of ['pause', 'resume'] as const) {
    router.post(`/queues/${act}`, requires('pause'), async (req, res) => {
      const form = readForm(req.body);
      const changed = await queues[act](form.queue ?? '', saidBy(visitOf(req).actor, form));
      const outcome = { act: `${act}Queue`, asked: 1, applied: changed ? 1 : 0 } as const;
      redirectAfter(req, res, { to: '/queues', outcome });
    });
  }
}

function pausePage(queue: string, url: Url): FormPage {
  const { title, explanation, button } = t.queues.pause;
  return {
    title: title(queue),
    explanation,
    button,
    section: 'queues',
    action: url('/queues/pause'),
    back: url('/queues'),
    hidden: [{ name: 'queue', value: queue }],
  };
}
