/** A process that serves the dashboard and has pages of it open, each of which renews itself every 2 s, until its parent leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSite } from './site.js';
import { tell } from './tell.js';

const [connectionString = '', ...paths] = process.argv.slice(2);
const REFRESH_MS = 2000;

const site = await openSite(connectionString);
const over = new AbortController();
let renewed = 0;
process.once('disconnect', () => over.abort());
await Promise.all(paths.map((path, index) => keepOpen(path, (index * REFRESH_MS) / paths.length)));
await site.close();

async function keepOpen(path: string, delayMs: number): Promise<void> {
  await sleep(delayMs);
  while (!over.signal.aborted) {
    await site.ask(path);
    renewed += 1;
    tell(renewed);
    await sleep(REFRESH_MS);
  }
}
