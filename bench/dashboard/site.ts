import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { createFirelock } from '../../src/index.js';

/** The dashboard, mounted in an app that listens. */
export interface Site {
  /** Asks for a page as a browser does; answers how long it took until all of it was there, in milliseconds. */
  ask(path: string): Promise<number>;
  close(): Promise<void>;
}

export async function openSite(connectionString: string): Promise<Site> {
  const firelock = createFirelock({ connectionString, logger: pino({ level: 'warn' }) });
  const app = express();
  app.use('/jobs', firelock.dashboard());
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a socket of a file.
  const { port } = server.address() as AddressInfo;
  return {
    ask: (path) => ask(`http://127.0.0.1:${port}/jobs${path}`),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await firelock.close();
    },
  };
}

async function ask(address: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(address, { headers: { accept: 'text/html' } });
  const page = await response.text();
  if (response.status !== 200)
    throw new Error(`${address} answered ${response.status}: ${page.slice(0, 500)}`);
  return performance.now() - startedAt;
}
