import { Router } from 'express';
import { quiet, stop, wake } from '../../storage/ask-server.js';
import { databaseNow } from '../../storage/database-now.js';
import { listServers } from '../../storage/servers.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import { formOf, readForm, saidBy } from '../frame/form.js';
import { type FormPage, showForm } from '../frame/form-page.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import type { Url } from '../frame/url.js';
import { serverView } from './server-view.js';

/** The running ones, and as many of those that left lately. */
const LIMIT = 100;

/** The servers, and what may be asked of them. */
export function serversRouter(parts: DashboardParts): Router {
  const router = Router();
  addList(router, parts);
  addConfirmation(router, parts);
  addActs(router, parts);
  return router;
}

function addList(router: Router, { database, pages }: DashboardParts): void {
  router.get('/servers', async (req, res) => {
    const [servers, now] = await Promise.all([listServers(database.kysely, LIMIT), databaseNow(database)]);
    const { url, rights } = visitOf(req);
    const model = { servers: servers.map((server) => serverView(server, { now, url, rights })) };
    await pages.show(req, res, { view: 'servers', title: t.frame.servers, section: 'servers', model });
  });
}

function addConfirmation(router: Router, { database, pages }: DashboardParts): void {
  router.get('/servers/stop', requires('manage-servers'), async (req, res) => {
    const { url, query } = visitOf(req);
    const { id = '' } = formOf(query);
    const servers = await listServers(database.kysely, LIMIT);
    const name = servers.find((server) => server.id === id)?.name ?? `#${id}`;
    await showForm({ req, res, pages }, stopPage({ id, name }, url));
  });
}

function addActs(router: Router, { servers }: DashboardParts): void {
  for (const act of [quiet, wake, stop]) {
    router.post(`/servers/${act.kind}`, requires('manage-servers'), async (req, res) => {
      const form = readForm(req.body);
      const applied = await servers.ask(act, form.id ?? '', saidBy(visitOf(req).actor, form));
      const outcome = { act: act.kind, asked: 1, applied: applied ? 1 : 0 };
      redirectAfter(req, res, { to: '/servers', outcome });
    });
  }
}

function stopPage({ id, name }: { readonly id: string; readonly name: string }, url: Url): FormPage {
  const { title, explanation, button } = t.servers.stop;
  return {
    title: title(name),
    explanation,
    button,
    isDanger: true,
    section: 'servers',
    action: url('/servers/stop'),
    back: url('/servers'),
    hidden: [{ name: 'id', value: id }],
  };
}
