/**
 * `npm run screenshots`: the dashboard's pages as images, for the docs. An installation with data of a shop is started on a
 * database of its own, and a real browser takes a picture of each page into docs/images.
 */
import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { launchChromium } from '../dashboard/chromium.js';
import { serveDashboard } from './dashboard.js';
import { openBusyShop } from './busy-shop.js';
import { screenshots, take } from './take.js';

const DATA = '.firelock/screenshots';

await rm(DATA, { recursive: true, force: true });
const postgres = await startEmbeddedPostgres({ dataDir: DATA, durable: false });
const shop = await openBusyShop(postgres.connectionString);
const site = await serveDashboard(shop.firelock);
const browser = await launchChromium();
try {
  for (const shot of screenshots(shop.ids)) {
    const { file, bytes } = await take(browser, site.url, shot);
    process.stdout.write(`${file} ${Math.round(bytes / 1000)} kB\n`);
  }
} finally {
  await browser.close();
  await site.close();
  await shop.close();
  await postgres.stop();
}
