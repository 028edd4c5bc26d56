/**
 * The shop in one process: what `npm start` runs. Read on in `orders.ts` (an order and its mails in one transaction),
 * `jobs/contracts.ts` and `jobs/handlers.ts` (the jobs), `mail/mailer.ts` (no mail twice).
 * `web.ts` and `worker.ts` are the same shop as several processes.
 */
import { reportActivity } from './activity.js';
import { sendCustomers } from './customers.js';
import { startDatabase } from './database.js';
import { startServer } from './jobs/server.js';
import { runUntilStopped } from './lifecycle.js';
import { readableLog } from './log.js';
import { startMailServer } from './mail/mail-server.js';
import { readSettings } from './settings.js';
import { openShop } from './shop.js';
import { startSite } from './web/site.js';

const settings = readSettings(process.env);

await runUntilStopped(async (onStop) => {
  const database = await startDatabase(settings);
  onStop(database.stop);
  const mailServer = await startMailServer(settings);
  onStop(mailServer.stop);
  const shop = await openShop(database.connectionString, readableLog());
  onStop(shop.close);
  const server = await startServer(shop, mailServer.url);
  onStop(server.stop, server.hurry);
  const site = await startSite(shop, settings.port);
  onStop(site.stop);
  const customers = sendCustomers(site.url);
  onStop(customers.stop);

  const taken = site.portTaken === undefined ? '' : ` (port ${site.portTaken} is taken)`;
  console.log(`
  Shop       ${site.url}${taken}
  Dashboard  ${site.url}/jobs
  Database   ${database.description}
  Mail       ${mailServer.description}

  Customers come in every few seconds. Ctrl-C stops.
`);
  onStop(reportActivity(shop).stop);
  // Its list is broken, so this one is soon a dead letter to look at.
  await shop.firelock.triggerRecurring('acme-prices');
});
