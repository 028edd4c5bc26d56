import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import type { State } from '../../src/job/state.js';
import { listJobs } from '../../src/storage/job-lists.js';
import type { JobSummary } from '../../src/storage/job-summaries.js';
import { COUNT_LIMIT, countJobs } from '../../src/storage/job-counts.js';
import { searchOf } from '../search/search-of.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const good = defineJob({ name: 'good', handler: () => 1 });
const bad = defineJob({
  name: 'bad',
  retry: { attempts: 1 },
  handler: () => Promise.reject(new TypeError('no')),
});
const waiting = defineJob({ name: 'waiting', queue: 'unserved' });

async function all(state: State, limit: number): Promise<readonly JobSummary[]> {
  const jobs: JobSummary[] = [];
  let place: string | undefined;
  do {
    const page = await listJobs(database, { state, place, limit });
    expect(page.jobs.length).toBeLessThanOrEqual(limit);
    jobs.push(...page.jobs);
    place = page.next;
  } while (place !== undefined);
  return jobs;
}

test('pages show every job of a state once, in the order of its list', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [good, bad], queues: { default: 20 } });
  const succeeded = await firelock.enqueueMany(
    good,
    Array.from({ length: 25 }, () => undefined),
  );
  await firelock.enqueueMany(
    bad,
    Array.from({ length: 7 }, () => undefined),
  );
  const later = await Promise.all(
    ['3h', '1h', '2h'].map((delay) => firelock.enqueue(waiting, undefined, { delay })),
  );
  await eventually('all have ended', async () => (await countJobs(database)).dead === 7);
  await eventually('all have ended', async () => (await countJobs(database)).succeeded === 25);

  const shown = await all('succeeded', 10);
  expect(shown.map(({ id }) => id).toSorted()).toEqual(succeeded.toSorted());
  const ends = shown.map(({ finishedAt }) => Number(finishedAt));
  expect(ends).toEqual(ends.toSorted((left, right) => right - left));
  await client.query("update firelock.jobs set last_error = 'TypeError: no' where state = 'dead'");
  expect((await all('dead', 3)).map(({ error }) => error)).toEqual(
    Array.from({ length: 7 }, () => ({ name: 'TypeError', message: 'no' })),
  );
  expect((await all('scheduled', 1)).map(({ id }) => id)).toEqual([later[1], later[2], later[0]]);
});

test('enqueued jobs are listed as they will be claimed', async () => {
  const firelock = openFirelock(url);
  const low = await firelock.enqueue(waiting, undefined, { priority: 'low' });
  const normal = await firelock.enqueue(waiting);
  const high = await firelock.enqueue(waiting, undefined, { priority: 'high' });
  expect((await all('enqueued', 2)).map(({ id }) => id)).toEqual([high, normal, low]);
});

test.each([
  ['nonsense'],
  ['[]'],
  ['["a","b"]'],
  ['{"a":1}'],
  ['[null, null]'],
  ['["2026-01-01", "1; drop"]'],
  ['["foo 1", "1"]'],
  ['["2026-13-01T00:00:00+00:00", "1"]'],
])('a place that is not understood (%s) shows the first page', async (place) => {
  const first = await listJobs(database, { state: 'succeeded', limit: 5 });
  expect(await listJobs(database, { state: 'succeeded', place, limit: 5 })).toEqual(first);
});

test('counts stop at their limit', async () => {
  const firelock = openFirelock(url);
  await firelock.enqueueMany(
    waiting,
    Array.from({ length: COUNT_LIMIT + 5 }, () => undefined),
    { queue: 'many' },
  );
  expect((await countJobs(database)).enqueued).toBe(COUNT_LIMIT);
});

test('a summary tells of tags, priority and the recurring job', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(waiting, undefined, { queue: 'summary', priority: 'high' });
  await client.query("update firelock.jobs set tags = '{a,b}', recurring_job_id = 'daily' where id = $1", [
    id,
  ]);
  const { jobs } = await listJobs(database, { state: 'enqueued', search: searchOf(`id:${id}`), limit: 10 });
  expect(jobs).toMatchObject([{ id, priority: 'high', tags: ['a', 'b'], recurringJobId: 'daily' }]);
});
