/** A process that runs the shop's jobs: start as many as there is work for, on as many machines. */
import { pino } from 'pino';
import { startDatabase } from './database.js';
import { startServer } from './jobs/server.js';
import { runUntilStopped } from './lifecycle.js';
import { startMailServer } from './mail/mail-server.js';
import { readSettings } from './settings.js';
import { openShop } from './shop.js';

const settings = readSettings(process.env);

await runUntilStopped(async (onStop) => {
  const database = await startDatabase(settings);
  onStop(database.stop);
  const mailServer = await startMailServer(settings);
  onStop(mailServer.stop);
  const shop = await openShop(database.connectionString, pino({ level: 'warn' }));
  onStop(shop.close);
  const server = await startServer(shop, mailServer.url);
  onStop(server.stop, server.hurry);
  console.log(`Server ${server.id} runs jobs`);
});
