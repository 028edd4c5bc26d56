import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const good = defineJob({ name: 'good', handler: () => 1 });
const bad = defineJob({
  name: 'bad',
  retry: { attempts: 1 },
  handler: () => Promise.reject(new Error('no')),
});

async function historyRows(): Promise<number> {
  const { rows } = await client.query<{ count: string }>('select count(*) from firelock.transitions');
  return Number(rows[0]?.count);
}

test('jobs are removed when the retention of their end is over, and no others', async () => {
  const retention = { succeeded: 0, dead: '30d' } as const;
  const firelock = openFirelock(url, { retention });
  const [done, dead, later] = [
    await firelock.enqueue(good),
    await firelock.enqueue(bad),
    await firelock.schedule(good, undefined, '1h'),
  ];
  const server = await startServer(firelock, { jobs: [good, bad] });
  await jobInState(firelock, dead, 'dead');
  await eventually('it is claimed', async () => (await firelock.getJob(done))?.state !== 'enqueued');
  await server.stop();
  await startServer(firelock, { jobs: [good, bad] });
  await eventually('the success is removed', async () => (await firelock.getJob(done)) === undefined);
  expect(await firelock.getJob(dead)).toMatchObject({ state: 'dead' });
  expect(await firelock.getJob(later)).toMatchObject({ state: 'scheduled' });
});

test('expiry removes the oldest first, in batches, with their history', async () => {
  const firelock = openFirelock(url);
  const ids = await firelock.enqueueMany(
    bad,
    Array.from({ length: 30 }, () => undefined),
    { queue: 'batched' },
  );
  await startServer(firelock, { jobs: [bad], queues: { batched: 1 } });
  await jobInState(firelock, ids.at(-1) ?? '', 'dead');
  const before = await historyRows();
  const removed = await expireJobs(database, { state: 'dead', retentionMs: 0, limit: 10 });
  expect(removed).toBe(10);
  expect(await historyRows()).toBe(before - 10);
  expect(await firelock.getJob(ids.at(-1) ?? '')).toBeDefined();
});
