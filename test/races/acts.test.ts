import { beforeEach, expect, test } from 'vitest';
import { type Act, remove, requeue, retry } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase } from '../database.js';
import { jobRow, putJob, recordedPath } from '../job-rows.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);

beforeEach(() => client.query('delete from firelock.jobs'));

const act = (act: Act, id: string) => async (executor: Executor) =>
  (await applyAct(executor, act, { ids: [id], from: act.from })).map(({ id }) => id);

const expire = (executor: Executor) => expireJobs(executor, { state: 'dead', retentionMs: 0, limit: 100 });

test('of two deletions of a job one applies, and the other is told that it did not (I2)', async () => {
  const id = await putJob(client, { state: 'enqueued' });
  const { first, second, waited } = await race(url, [act(remove, id), act(remove, id)]);
  expect({ first, second, waited }).toEqual({ first: [id], second: [], waited: true });
  expect(await recordedPath(client, id)).toEqual(['enqueued → deleted, attempt 1']);
});

test('of two retries of a dead letter one applies, and it gets one attempt more, not two (I2)', async () => {
  const id = await putJob(client, { state: 'dead', attempt: 3, attemptLimit: 3 });
  const { first, second, waited } = await race(url, [act(retry, id), act(retry, id)]);
  expect({ first, second, waited }).toEqual({ first: [id], second: [], waited: true });
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued', attempt: 3, attempt_limit: 4 });
});

test('a retry that waits for a deletion changes nothing and is told so (I2)', async () => {
  const id = await putJob(client, { state: 'dead' });
  const { second, waited } = await race(url, [act(remove, id), act(retry, id)]);
  expect({ second, waited }).toEqual({ second: [], waited: true });
  expect(await jobRow(client, id)).toMatchObject({ state: 'deleted' });
});

test('a deletion that waits for a retry deletes the enqueued job (I2)', async () => {
  const id = await putJob(client, { state: 'dead' });
  const { second, waited } = await race(url, [act(retry, id), act(remove, id)]);
  expect({ second, waited }).toEqual({ second: [id], waited: true });
  expect(await recordedPath(client, id)).toEqual([
    'dead → enqueued, attempt 1',
    'enqueued → deleted, attempt 1',
  ]);
});

test('expiry passes by a dead letter that is being retried (I4)', async () => {
  const id = await putJob(client, { state: 'dead' });
  const { second, waited } = await race(url, [act(retry, id), expire]);
  expect({ second, waited }).toEqual({ second: 0, waited: false });
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued' });
  expect(await recordedPath(client, id)).toEqual(['dead → enqueued, attempt 1']);
});

test.each([retry, requeue])('a $kind that waits for expiry is told that there is no job', async (kind) => {
  const id = await putJob(client, { state: 'dead' });
  const { first, second, waited } = await race(url, [expire, act(kind, id)]);
  expect({ first, second, waited }).toEqual({ first: 1, second: [], waited: true });
  expect(await jobRow(client, id)).toBeUndefined();
  expect(await recordedPath(client, id)).toEqual([]);
});

test('two expiries at once remove each job once, and neither waits', async () => {
  await putJob(client, { state: 'dead' });
  await putJob(client, { state: 'dead' });
  const { first, second, waited } = await race(url, [expire, expire]);
  expect({ first, second, waited }).toEqual({ first: 2, second: 0, waited: false });
});
