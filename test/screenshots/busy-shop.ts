import pg from 'pg';
import { pino } from 'pino';
import { createFirelock, type Firelock } from '../../src/firelock.js';
import { eventually } from '../eventually.js';
import { jobs, charge, importCatalogue, mail, report, sync } from './jobs.js';
import { addPast } from './past.js';

/** The jobs that have a screenshot of their own. */
export interface ShownJobs {
  readonly failed: string;
  readonly running: string;
}

const MAILS = 260;
const CHARGES = 180;
const ann = { by: 'ann@example.com' };
const bob = { by: 'bob@example.com' };

/** An installation with two servers, on which much has happened and something is under way. */
export async function openBusyShop(connectionString: string) {
  const firelock = createFirelock({ connectionString, logger: pino({ level: 'silent' }) });
  await firelock.migrate();
  const servers = ['worker-1', 'worker-2'].map((name) => firelock.createServer({ jobs, name, queues }));
  for (const server of servers) await server.start();
  const client = new pg.Client({ connectionString });
  await client.connect();
  const ids = await letWork(firelock, client);
  await addPast(client);
  await client.end();
  const close = async () => {
    for (const server of servers) await server.stop({ grace: 0 });
    await firelock.close();
  };
  return { firelock, ids, close };
}

const queues = { emails: 10, payments: 4, reports: 2, images: 6, default: 10 };

async function letWork(firelock: Firelock, client: pg.Client): Promise<ShownJobs> {
  await firelock.enqueueMany(mail, Array.from({ length: MAILS }, mailArgs), { tags: ['welcome'] });
  await firelock.enqueueMany(charge, Array.from({ length: CHARGES }, chargeArgs));
  await firelock.enqueue(importCatalogue, { url: 'https://shop.example/catalogue.xml' });
  await eventually('all of it has been tried', async () => {
    const { rows } = await client.query(
      `select from firelock.jobs where state in ('enqueued', 'processing')`,
    );
    return rows.length === 0;
  });
  await plan(firelock);
  await actByHand(firelock, client);
  const running = await firelock.enqueue(report, { month: '2026-10' }, { tags: ['finance', 'monthly'] });
  await eventually('it has told how far it is', async () => {
    const { rows } = await client.query('select from firelock.progress_bars where job_id = $1', [running]);
    return rows.length === 3;
  });
  return { running, failed: await oneFailed(client) };
}

function mailArgs(_: unknown, place: number) {
  return { userId: place + 1, locale: place % 3 === 0 ? 'de' : 'en' };
}

function chargeArgs(_: unknown, place: number) {
  return { orderId: 5000 + place, cents: 1990 + ((place * 730) % 9000) };
}

async function plan(firelock: Firelock): Promise<void> {
  const reminders = ['40m', '2h', '6h', '1d', '3d'];
  for (const [place, delay] of reminders.entries())
    await firelock.schedule(mail, { userId: 900 + place, locale: 'en' }, delay, { tags: ['reminder'] });
  await firelock.addOrUpdateRecurring('daily-report', report, { month: 'current' }, '0 2 * * *', {
    timeZone: 'Asia/Seoul',
  });
  await firelock.addOrUpdateRecurring('stock/sync', sync, {}, '*/15 * * * *');
  await firelock.addOrUpdateRecurring('mail-digest', mail, { userId: 1, locale: 'en' }, 'every 5m');
  await firelock.addOrUpdateRecurring('weekly-invoices', sync, {}, '30 6 * * MON', {
    timeZone: 'Europe/Berlin',
  });
  for (let run = 0; run < 4; run += 1) await firelock.triggerRecurring('stock/sync', bob);
}

async function actByHand(firelock: Firelock, client: pg.Client): Promise<void> {
  await firelock.overrideRecurring(
    'mail-digest',
    { schedule: 'every 20m' },
    { ...ann, reason: 'the provider limits us' },
  );
  await firelock.pauseRecurring('weekly-invoices', { ...bob, reason: 'new tax rates first' });
  await firelock.pauseQueue('newsletter', { ...ann, reason: 'wrong template' });
  await firelock.enqueueMany(mail, Array.from({ length: 48 }, mailArgs), { queue: 'newsletter' });
  const { rows } = await client.query<{ id: string }>(
    `select id::text from firelock.jobs where state = 'dead' order by id limit 3`,
  );
  for (const { id } of rows) await firelock.delete(id, { ...bob, reason: 'paid by hand' });
}

async function oneFailed(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `select id::text from firelock.jobs where state = 'failed' order by attempt desc, id limit 1`,
  );
  return rows[0]?.id ?? '';
}
