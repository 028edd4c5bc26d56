import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Firelock } from '../../src/firelock.js';

/** The dashboard on a port of its own, for somebody who may do everything. */
export async function serveDashboard(firelock: Firelock) {
  const app = express();
  app.use('/jobs', firelock.dashboard({ authorize: () => ({ name: 'ann@example.com', rights: 'all' }) }));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  // A server that listens on a port answers an AddressInfo.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`, close };
}
