import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { succeeded } from '../../src/job/transition.js';
import { Statistics } from '../../src/server/statistics.js';
import { connect } from '../../src/storage/connections.js';
import { Database } from '../../src/storage/database.js';
import { totalsByName } from '../../src/storage/statistics-totals.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, silent, startServer } from '../firelock.js';
import { jobRow, putJob } from '../job-rows.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const today = { span: 'day', step: 1, bars: 2 } as const;

beforeEach(() => client.query('truncate firelock.jobs, firelock.statistics'));

async function totalsOf(name: string) {
  const totals = await totalsByName(database, { period: today, limit: 10 });
  return totals.find((each) => each.name === name);
}

const once = { attempts: 1 };
const fails = () => Promise.reject(new Error('no'));

test('a server counts how its attempts end, and has written it when it has stopped', async () => {
  const firelock = openFirelock(url);
  const good = defineJob({ name: 'good', handler: () => sleep(20) });
  const failing = defineJob({ name: 'failing', retry: { attempts: 2, delays: [0] }, handler: fails });
  const dying = defineJob({ name: 'dying', retry: once, handler: fails });
  const transactional = defineJob({
    name: 'transactional',
    transactional: true,
    handler: () => 1,
  });
  const server = await startServer(firelock, { jobs: [good, failing, dying, transactional] });
  const ids = await firelock.enqueueMany(good, [undefined, undefined, undefined]);
  await jobInState(firelock, await firelock.enqueue(failing), 'dead');
  await jobInState(firelock, await firelock.enqueue(dying), 'dead');
  await jobInState(firelock, await firelock.enqueue(transactional), 'succeeded');
  for (const id of ids) await jobInState(firelock, id, 'succeeded');
  await server.stop();
  expect(await totalsOf('good')).toMatchObject({ succeeded: 3, failed: 0, dead: 0 });
  expect((await totalsOf('good'))?.ran?.p50).toBeGreaterThan(10);
  expect(await totalsOf('failing')).toMatchObject({ succeeded: 0, failed: 1, dead: 1 });
  expect(await totalsOf('dying')).toMatchObject({ succeeded: 0, failed: 0, dead: 1 });
  expect(await totalsOf('transactional')).toMatchObject({ succeeded: 1, failed: 0, dead: 0 });
});

test('attempts that are given back, or ask to be run again later, do not count', async () => {
  const firelock = openFirelock(url);
  const snoozing = defineJob({ name: 'snoozing', handler: (_args: void, { snooze }) => snooze('1h') });
  const released = defineJob({ name: 'released', handler: () => new Promise(() => undefined) });
  const counted = defineJob({ name: 'counted', handler: () => 1 });
  const server = await startServer(firelock, { jobs: [snoozing, released, counted] });
  await jobInState(firelock, await firelock.enqueue(snoozing), 'scheduled');
  await jobInState(firelock, await firelock.enqueue(counted), 'succeeded');
  const id = await firelock.enqueue(released);
  await jobInState(firelock, id, 'processing');
  await server.stop({ grace: 0 });
  await jobInState(firelock, id, 'enqueued');
  const names = (await totalsByName(database, { period: today, limit: 10 })).map(({ name }) => name);
  expect(names).toEqual(['counted']);
});

test('what has ended is written while the server runs, too', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({ name: 'running', handler: () => 1 });
  await startServer(firelock, { jobs: [job] });
  await firelock.enqueue(job);
  await eventually('it is counted', async () => (await totalsOf('running'))?.succeeded === 1);
});

test('a dead letter that recovery makes counts, without a time', async () => {
  const firelock = openFirelock(url);
  const facts = { state: 'processing', serverId: '999999', recoveries: 2, runsApart: true } as const;
  const id = await putJob(client, facts);
  const server = await startServer(firelock, { jobs: [defineJob({ name: 'other', handler: () => 1 })] });
  await eventually('it is dead', async () => (await jobRow(client, id))?.state === 'dead');
  await server.stop();
  expect(await totalsOf('job')).toMatchObject({ dead: 1, waited: undefined, ran: undefined });
});

test('the finer the span, the sooner its statistics expire: an hour, two days, sixty days, two years', async () => {
  const ages = ['50 min', '2 h', '47 h', '50 h', '59 days', '61 days', '729 days', '731 days'];
  await client.query(
    `insert into firelock.statistics
     select span, now() - age::interval, age, 'old', 1, 0, 0, '{}', '{}'
     from unnest(array['10s', 'minute', 'hour', 'day']) as spans(span), unnest($1::text[]) as ages(age)`,
    [ages],
  );
  await startServer(openFirelock(url), { jobs: [defineJob({ name: 'other', handler: () => 1 })] });
  const expected = { '10s': 1, minute: 3, hour: 5, day: 7 };
  await eventually('the old are removed', async () => {
    const { rows } = await client.query<{ span: string; count: number }>(
      `select span, count(*)::integer as count from firelock.statistics where name = 'old' group by span`,
    );
    const kept = Object.fromEntries(rows.map(({ span, count }) => [span, count]));
    return isDeepStrictEqual(kept, expected);
  });
  const { rows } = await client.query(`select queue from firelock.statistics where span = '10s'`);
  expect(rows).toEqual([{ queue: '50 min' }]);
});

test('what could not be written in an outage of Postgres is written after it, once', async () => {
  const network = await networkTo(url);
  const unreachable = new Database(
    connect({ connectionString: network.connectionString }, () => undefined),
    'firelock',
  );
  const statistics = new Statistics({ database: unreachable, logger: silent });
  const job = { id: '1', name: 'kept', queue: 'default', priority: 2, args: null, attempt: 1 };
  const ended = {
    job: { ...job, attemptLimit: 1, createdAtMs: 0, waitedMs: 15, extras: null },
    durationMs: 15,
  };
  const count = () => statistics.count({ ...ended, settlement: succeeded({ result: undefined }) });
  network.refuse();
  count();
  await expect(statistics.flush()).rejects.toThrow();
  count();
  network.restore();
  await statistics.flush();
  await statistics.flush();
  await unreachable.close();
  expect(await totalsOf('kept')).toMatchObject({ succeeded: 2, ran: { p50: 15 }, waited: { p50: 15 } });
});
