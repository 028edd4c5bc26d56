import { beforeEach, expect, test } from 'vitest';
import { listQueues } from '../../src/storage/queues.js';
import { markStopped, registerServer } from '../../src/storage/servers.js';
import { COUNT_LIMIT } from '../../src/storage/job-counts.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const MINUTE_MS = 60_000;

beforeEach(() => client.query('truncate firelock.jobs, firelock.servers, firelock.queue_pauses'));

const names = async (limit = 100) => (await listQueues(database, limit)).map(({ name }) => name);

/** Enqueued jobs of a queue, created so many minutes ago each. */
async function enqueued(queue: string, minutes: readonly number[], columns: Record<string, string> = {}) {
  const { priority = '2', run_at = 'null', started_at = 'null' } = columns;
  await client.query(
    `insert into firelock.jobs (name, queue, state, priority, attempt_limit, args, created_at, run_at, started_at)
     select 'job', $1, 'enqueued', ${priority}, 3, 'null', now() - minutes * interval '1 minute', ${run_at}, ${started_at}
     from unnest($2::integer[]) with ordinality as given(minutes, place) order by place`,
    [queue, minutes],
  );
}

async function oldestMinutes(queue: string): Promise<number | undefined> {
  const found = (await listQueues(database, 100)).find(({ name }) => name === queue);
  return found?.oldestMs === undefined ? undefined : Math.floor(found.oldestMs / MINUTE_MS);
}

test('a queue is listed where jobs wait or run, where a running server takes from it, and where it is paused', async () => {
  expect(await names()).toEqual([]);
  await putJob(client, { state: 'enqueued', queue: 'a-waiting' });
  await putJob(client, { state: 'processing', queue: 'b-running' });
  for (const state of ['scheduled', 'failed', 'succeeded', 'dead'] as const)
    await putJob(client, { state, queue: 'nothing' });
  await registerServer(database, { name: 'one', queues: { 'c-served': 3 }, jobNames: [] });
  const gone = await registerServer(database, { name: 'gone', queues: { gone: 3 }, jobNames: [] });
  await markStopped(database, gone);
  await client.query(`insert into firelock.queue_pauses (queue) values ('d-paused')`);
  expect(await names()).toEqual(['a-waiting', 'b-running', 'c-served', 'd-paused']);
  expect(await names(2)).toEqual(['a-waiting', 'b-running']);
});

test('a queue is told with its jobs, its servers and their slots, and its pause', async () => {
  const one = await registerServer(database, { name: 'one', queues: { mails: 3, other: 1 }, jobNames: [] });
  const two = await registerServer(database, { name: 'two', queues: { mails: 4 }, jobNames: [] });
  await putJob(client, { state: 'enqueued', queue: 'mails' });
  await putJob(client, { state: 'enqueued', queue: 'mails' });
  await putJob(client, { state: 'processing', queue: 'mails', serverId: one });
  await client.query(
    `insert into firelock.queue_pauses (queue, paused_by, reason) values ('mails', 'ann', 'down')`,
  );
  const [mails, other] = await listQueues(database, 100);
  expect(mails).toEqual({
    name: 'mails',
    enqueued: 2,
    running: 1,
    slots: 7,
    servers: [
      { id: one, name: 'one', slots: 3 },
      { id: two, name: 'two', slots: 4 },
    ],
    pause: { at: expect.any(Date), by: 'ann', reason: 'down' },
    oldestMs: expect.any(Number),
  });
  expect(other).toMatchObject({ enqueued: 0, running: 0, slots: 1, pause: undefined, oldestMs: undefined });
});

test('the oldest job of a queue is found behind jobs of higher priority', async () => {
  await enqueued('mails', [5, 7, 6]);
  await enqueued(
    'mails',
    Array.from({ length: 300 }, () => 1),
    { priority: '0' },
  );
  expect(await oldestMinutes('mails')).toBe(7);
});

test('a job waits since its instant, or since its latest attempt, if that is later', async () => {
  await enqueued('planned', [60], { run_at: `now() - interval '3 minutes'` });
  await enqueued('repeated', [60], { started_at: `now() - interval '4 minutes'` });
  await enqueued('hastened', [60], { run_at: `now() + interval '1 hour'` });
  expect(await oldestMinutes('planned')).toBe(3);
  expect(await oldestMinutes('repeated')).toBe(4);
  expect(await oldestMinutes('hastened')).toBe(0);
});

test('a queue is counted up to a limit, and hides none behind it', async () => {
  await client.query(
    `insert into firelock.jobs (name, queue, state, priority, attempt_limit, args)
     select 'job', 'many', 'enqueued', n % 4, 3, 'null' from generate_series(1, $1) as n`,
    [COUNT_LIMIT + 5],
  );
  await putJob(client, { state: 'enqueued', queue: 'quiet' });
  const queues = await listQueues(database, 100);
  expect(queues.map(({ name, enqueued }) => [name, enqueued])).toEqual([
    ['many', COUNT_LIMIT],
    ['quiet', 1],
  ]);
});
