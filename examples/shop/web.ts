/** The shop's web pages alone: enqueues jobs and runs none. */
import { pino } from 'pino';
import { startDatabase } from './database.js';
import { runUntilStopped } from './lifecycle.js';
import { readSettings } from './settings.js';
import { openShop } from './shop.js';
import { startSite } from './web/site.js';

const settings = readSettings(process.env);

await runUntilStopped(async (onStop) => {
  const database = await startDatabase(settings);
  onStop(database.stop);
  const shop = await openShop(database.connectionString, pino({ level: 'warn' }));
  onStop(shop.close);
  const site = await startSite(shop, settings.port);
  onStop(site.stop);
  console.log(`Shop on ${site.url}`);
});
