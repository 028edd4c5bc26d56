import { Router } from 'express';
import { databaseNow } from '../storage/database-now.js';
import { listServers } from '../storage/servers.js';
import type { DashboardParts } from './parts.js';
import { serverView } from './server-view.js';

/** The running ones, and as many of those that left lately. */
const LIMIT = 100;

export function serversRouter({ database, pages }: DashboardParts): Router {
  const router = Router();
  router.get('/servers', async (req, res) => {
    const [servers, now] = await Promise.all([listServers(database.kysely, LIMIT), databaseNow(database)]);
    const model = { servers: servers.map((server) => serverView(server, now)) };
    await pages.show(req, res, { view: 'servers', title: 'Servers', section: 'servers', model });
  });
  return router;
}
