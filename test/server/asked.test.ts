import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createFirelock, type Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import type { Events } from '../../src/job/events.js';
import type { Server } from '../../src/server/server.js';
import { claimSuspect } from '../../src/storage/claim-suspect.js';
import { jobsOfServer } from '../../src/storage/jobs-of-server.js';
import { findServer, listServers, registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { watchServers } from '../../src/storage/watch.js';
import { version } from '../../src/version.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, silent, startServer } from '../firelock.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const storage = fileStorage(url);
const quick = defineJob({ name: 'quick', handler: () => 1 });

beforeEach(() => client.query('truncate firelock.jobs, firelock.servers'));

/** A job that ends when the test says so. */
function held() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const job = defineJob({ name: 'held', handler: () => ended });
  onTestFinished(() => end());
  return { job, end: () => end() };
}

function heard(firelock: Firelock, name: keyof Events & `server:${string}`): Promise<unknown> {
  return new Promise((resolve) => firelock.on(name, resolve));
}

async function isQuiet(firelock: Firelock, server: Server): Promise<void> {
  const quiet = heard(firelock, 'server:quiet');
  expect(await openFirelock(url).quietServer(server.id)).toBe(true);
  await quiet;
}

test('a quiet server finishes what it runs and starts nothing else until it is woken', async () => {
  const firelock = openFirelock(url);
  const { job, end } = held();
  const server = await startServer(firelock, { jobs: [job, quick], queues: { default: 1, other: 5 } });
  const running = await firelock.enqueue(job);
  await jobInState(firelock, running, 'processing');
  const waiting = await firelock.enqueueMany(quick, [undefined, undefined]);
  await isQuiet(firelock, server);
  waiting.push(await firelock.enqueue(quick, undefined, { queue: 'other' }));
  end();
  // Settling and claiming are one call: had it claimed, it would have done so by now.
  await jobInState(firelock, running, 'succeeded');
  for (const id of waiting)
    expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 0 });
  const woken = heard(firelock, 'server:woken');
  expect(await firelock.wakeServer(server.id)).toBe(true);
  expect(await woken).toMatchObject({ serverId: server.id });
  for (const id of waiting) await jobInState(firelock, id, 'succeeded');
});

test('a quiet server keeps its lease and does its part of what every server does for all', async () => {
  const firelock = openFirelock(url);
  const server = await startServer(firelock, { jobs: [quick] });
  await isQuiet(firelock, server);
  await jobInState(firelock, await firelock.schedule(quick, undefined, 50), 'enqueued');
  const { heartbeatAt } = (await findServer(storage.kysely, server.id)) ?? {};
  await eventually('it renews its lease', async () => {
    const { state, heartbeatAt: later } = (await findServer(storage.kysely, server.id)) ?? {};
    return state === 'running' && (later ?? 0) > (heartbeatAt ?? 0);
  });
});

test('a server that was asked claims nothing, suspects included, even if it has not heard of it', async () => {
  const server = { name: 'deaf', queues: { default: 1 }, jobNames: ['job'] };
  const id = await registerServer(storage, server);
  await putJob(client, { state: 'enqueued', recoveries: 2 });
  await putJob(client, { state: 'enqueued' });
  const firelock = openFirelock(url);
  const claim = { queue: 'default', names: ['job'], limit: 1 };
  const rules = { schema: 'firelock', serverId: '0', silenceMs: 20_000, absenceMs: 2500 };
  for (const act of ['quietServer', 'stopServer'] as const) {
    await firelock[act](id);
    expect((await settleAndClaim(storage, id, { settled: [], claim })).claimed).toEqual([]);
    expect(await claimSuspect(storage, id, claim)).toBeUndefined();
    expect(await watchServers(storage, rules)).toMatchObject({ ready: [], suspect: [] });
  }
  const another = await registerServer(storage, server);
  expect((await settleAndClaim(storage, another, { settled: [], claim })).claimed).toHaveLength(1);
  expect(await claimSuspect(storage, another, claim)).toBeDefined();
});

test('a server that is asked to stop lets running jobs end, starts nothing else, and leaves', async () => {
  const firelock = openFirelock(url);
  const { job, end } = held();
  const server = await startServer(firelock, { jobs: [job, quick], queues: { default: 1 } });
  const stopped = heard(firelock, 'server:stopped');
  const [running, waiting] = [await firelock.enqueue(job), await firelock.enqueue(quick)];
  await jobInState(firelock, running, 'processing');
  expect(await openFirelock(url).stopServer(server.id, { by: 'ann' })).toBe(true);
  expect(await openFirelock(url).stopServer(server.id, { by: 'ann' })).toBe(true);
  end();
  expect(await stopped).toMatchObject({ serverId: server.id });
  expect(await firelock.getJob(running)).toMatchObject({ state: 'succeeded' });
  expect(await firelock.getJob(waiting)).toMatchObject({ state: 'enqueued', attempt: 0 });
  expect(await findServer(storage.kysely, server.id)).toMatchObject({ state: 'stopped' });
  expect(await openFirelock(url).stopServer(server.id)).toBe(false);
});

test('one that is asked to stop gives back what outlasts the grace that it was created with', async () => {
  const firelock = openFirelock(url);
  const { job } = held();
  const server = await startServer(firelock, { jobs: [job], grace: 10 });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'processing');
  await firelock.stopServer(server.id);
  expect(await jobInState(firelock, id, 'enqueued')).toMatchObject({ attempt: 1, uncounted: 1 });
});

/** As if the notification had been lost. */
async function askSilently(serverId: string, asked: string | null): Promise<void> {
  await client.query(
    `update firelock.servers set asked = $2::text, asked_at = case when $2::text is not null then now() end where id = $1`,
    [serverId, asked],
  );
}

test('a server that does not hear of it learns from its next heartbeat what is asked of it', async () => {
  const firelock = openFirelock(url);
  const server = await startServer(firelock, { jobs: [quick] });
  const [quiet, woken, stopped] = (['server:quiet', 'server:woken', 'server:stopped'] as const).map((name) =>
    heard(firelock, name),
  );
  await askSilently(server.id, 'quiet');
  await quiet;
  await askSilently(server.id, null);
  await woken;
  await askSilently(server.id, 'stop');
  await stopped;
});

test('so does one whose lease is renewed on the main thread', async () => {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  const kysely = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const firelock = createFirelock({ kysely, logger: silent });
  onTestFinished(async () => {
    await firelock.close();
    await kysely.destroy();
  });
  const server = await startServer(firelock, { jobs: [quick] });
  const stopped = heard(firelock, 'server:stopped');
  await isQuiet(firelock, server);
  await openFirelock(url).stopServer(server.id);
  await stopped;
});

test('what is known of a server: its version, how late its event loop is, and which jobs it runs', async () => {
  const firelock = openFirelock(url);
  const { job } = held();
  const blocking = defineJob({
    name: 'blocking',
    handler: () => {
      const end = performance.now() + 1000;
      while (performance.now() < end);
    },
  });
  const server = await startServer(firelock, {
    jobs: [job, blocking],
    queues: { default: 5 },
    name: 'known',
  });
  const ids = [await firelock.enqueue(job), await firelock.enqueue(job), await firelock.enqueue(job)];
  for (const id of ids) await jobInState(firelock, id, 'processing');
  await firelock.enqueue(blocking);
  const lag = async () => (await findServer(storage.kysely, server.id))?.lagMs ?? 0;
  await eventually('it was late', async () => (await lag()) > 900);
  await eventually('it is late no more', async () => (await lag()) < 900);
  const [listed] = await listServers(storage.kysely, 10);
  expect(listed).toEqual(await findServer(storage.kysely, server.id));
  expect(listed).toMatchObject({ name: 'known', state: 'running', version: version(), processing: 3 });
  const jobs = await jobsOfServer(storage.kysely, server.id, 2);
  expect(jobs.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(jobs[0]).toEqual({
    id: ids[0],
    name: 'held',
    queue: 'default',
    attempt: 1,
    startedAt: expect.any(Date),
  });
  expect(await findServer(storage.kysely, '999999')).toBeUndefined();
});
