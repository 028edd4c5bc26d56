import pg from 'pg';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const admin = await fileConnection(url);
const database = new URL(url).pathname.slice(1);

/** What the tests look with: its connections are spared. */
const observerUrl = `${url}${url.includes('?') ? '&' : '?'}application_name=observer`;

/** Ends every connection to the database of this file but those of observers. */
async function cutAll(): Promise<void> {
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name <> 'observer' and pid <> pg_backend_pid()`,
  );
}

async function lostServers(): Promise<number> {
  const { rowCount } = await admin.query(`select from firelock.servers where state = 'lost'`);
  return rowCount ?? 0;
}

test('I4: a server whose connections are all cut goes on with new ones, and settles what had ended', async () => {
  const observer = openFirelock(observerUrl);
  let finish: () => void = () => undefined;
  const held = defineJob({
    name: 'held',
    queue: 'cut',
    handler: () => new Promise<void>((resolve) => (finish = resolve)),
  });
  const later = defineJob({ name: 'later', queue: 'cut', handler: () => 'ran' });
  await startServer(openFirelock(url), { jobs: [held, later], queues: { cut: 1 } });
  const id = await observer.enqueue(held);
  await jobInState(observer, id, 'processing');
  await cutAll();
  finish();
  expect(await jobInState(observer, id, 'succeeded')).toMatchObject({ attempt: 1 });
  const next = await observer.enqueue(later);
  expect(await jobInState(observer, next, 'succeeded')).toMatchObject({ result: 'ran' });
  expect(await admin.query(`select from firelock.servers where state = 'lost'`)).toMatchObject({
    rowCount: 0,
  });
});

test('I4: connections that died without a sign are noticed and replaced: claims, settles, leases and notifications', async () => {
  const network = await networkTo(url);
  const observer = openFirelock(observerUrl);
  const firelock = openFirelock(network.connectionString);
  const job = defineJob({ name: 'unheard', queue: 'half-open', handler: () => 'ran' });
  await startServer(firelock, { jobs: [job], queues: { 'half-open': 3 } });
  await jobInState(observer, await observer.enqueue(job), 'succeeded');
  await network.silence();
  network.swallow();
  const ids = await observer.enqueueMany(job, [undefined, undefined, undefined]);
  for (const id of ids) await jobInState(observer, id, 'succeeded');
  expect(await admin.query(`select from firelock.servers where state = 'lost'`)).toMatchObject({
    rowCount: 0,
  });
});

test("a pool that the application's own code has emptied does not keep a server from its work", async () => {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  const taken = await Promise.all([pool.connect(), pool.connect()]);
  onTestFinished(() => taken.forEach((client) => client.release()));
  const observer = openFirelock(observerUrl);
  const firelock = openFirelock(url, { connectionString: undefined, pool });
  const job = defineJob({ name: 'poor', queue: 'poor', handler: () => 'ran' });
  await startServer(firelock, { jobs: [job], queues: { poor: 2 } });
  await jobInState(observer, await observer.enqueue(job), 'succeeded');
});

test('I4: a database that is read-only for a while, as after a failover, loses nothing', async () => {
  const observer = openFirelock(observerUrl);
  const firelock = openFirelock(url);
  const heard: string[] = [];
  firelock.on('database:unreachable', ({ error }) => heard.push(error.code ?? ''));
  firelock.on('database:reachable', () => heard.push('reachable'));
  const job = defineJob({ name: 'patient', queue: 'read-only', handler: () => 'ran' });
  await startServer(firelock, { jobs: [job], queues: { 'read-only': 2 } });
  const id = await observer.enqueue(job, {}, { delay: '500ms' });
  await admin.query(`alter database ${database} set default_transaction_read_only = on`);
  await cutAll();
  await eventually('the server has noticed', () => heard.includes('25006'));
  await admin.query(`alter database ${database} reset default_transaction_read_only`);
  expect(await jobInState(observer, id, 'succeeded')).toMatchObject({ attempt: 1 });
  expect(heard.at(-1)).toBe('reachable');
  expect(await lostServers()).toBe(0);
});

test('I4: a statement timeout that is far too short for a while loses nothing', async () => {
  const observer = openFirelock(observerUrl);
  const job = defineJob({ name: 'hurried', queue: 'hurried', handler: () => 'ran' });
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  await startServer(openFirelock(url, { logger }), { jobs: [job], queues: { hurried: 2 } });
  const ids = await observer.enqueueMany(job, Array.from({ length: 50 }), { delay: '200ms' });
  await admin.query(`alter database ${database} set statement_timeout = '1ms'`);
  await cutAll();
  await eventually('the server has noticed', () => lines.some((line) => line.includes('57014')));
  await admin.query(`alter database ${database} reset statement_timeout`);
  for (const id of ids) await jobInState(observer, id, 'succeeded');
  expect(await lostServers()).toBe(0);
});
