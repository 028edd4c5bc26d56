import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Shop } from '../shop.js';
import { createApp } from './app.js';

/** Requests that are still being answered have this long when the site closes. */
const CLOSE_LIMIT_MS = 3000;

export interface Site {
  readonly url: string;
  /** The port that was asked for, if another had to be used. */
  readonly portTaken: number | undefined;
  readonly stop: () => Promise<void>;
}

/** Serves the shop on the port, or on a free one if it is taken. */
export async function startSite(shop: Shop, port: number): Promise<Site> {
  const app = createApp(shop);
  const wanted = await listen(app, port);
  const server = wanted ?? (await listen(app, 0));
  if (server === undefined) throw new Error('There is no free port.');
  // An address and not a pipe's name: it listens on TCP.
  const address = server.address() as AddressInfo;
  return {
    url: `http://localhost:${address.port}`,
    portTaken: wanted === undefined ? port : undefined,
    stop: () => close(server),
  };
}

async function listen(app: RequestListener, port: number): Promise<Server | undefined> {
  const server = createServer(app).listen(port);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  const limit = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
  await new Promise((closed) => server.close(closed));
  clearTimeout(limit);
}
