import { beforeEach, expect, test } from 'vitest';
import type { State } from '../../src/job/state.js';
import { type Act, remove, reschedule, retry } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { promoteDueJobs } from '../../src/storage/promote-due-jobs.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase } from '../database.js';
import { jobRow, putJob, recordedPath } from '../job-rows.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);

beforeEach(() => client.query('delete from firelock.jobs'));

const due = (state: 'scheduled' | 'failed') => putJob(client, { state });

const promote = async (executor: Executor) =>
  (await promoteDueJobs(executor, 100)).promoted.map(({ id }) => id);

const act =
  (act: Act, id: string, from: readonly State[] = act.from) =>
  async (executor: Executor) => {
    const plan = act.kind === 'reschedule' ? { delayMs: 3_600_000 } : {};
    return (await applyAct(executor, act, { ids: [id], from, ...plan })).map(({ id }) => id);
  };

test('of two promoters at once, each due job is promoted by one, and neither waits (I2)', async () => {
  const ids = [await due('scheduled'), await due('failed')];
  const { first, second, waited } = await race(url, [promote, promote]);
  expect(waited).toBe(false);
  expect(first.toSorted()).toEqual(ids.toSorted());
  expect(second).toEqual([]);
});

test('what a promoter that died had in hand is promoted by the next (I4)', async () => {
  const id = await due('scheduled');
  await race(url, [promote, promote], 'rollback');
  expect(await race(url, [promote, promote])).toMatchObject({ first: [id], second: [] });
});

test('a promoter passes by a job that is being deleted (I2)', async () => {
  const id = await due('scheduled');
  const { second, waited } = await race(url, [act(remove, id), promote]);
  expect(waited).toBe(false);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'deleted' });
});

test('a deletion that waits for a promotion deletes the enqueued job (I2)', async () => {
  const id = await due('scheduled');
  const { second, waited } = await race(url, [promote, act(remove, id)]);
  expect(waited).toBe(true);
  expect(second).toEqual([id]);
  expect(await recordedPath(client, id)).toEqual(['enqueued → deleted, attempt 1']);
});

test('a deletion of a job only while it is scheduled changes nothing after its promotion (I2)', async () => {
  const id = await due('scheduled');
  const { second, waited } = await race(url, [promote, act(remove, id, ['scheduled'])]);
  expect(waited).toBe(true);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued' });
  expect(await recordedPath(client, id)).toEqual([]);
});

test('a promoter passes by a job that is being rescheduled (I2)', async () => {
  const id = await due('scheduled');
  const { second, waited } = await race(url, [act(reschedule, id), promote]);
  expect(waited).toBe(false);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'scheduled' });
});

test('a reschedule that waits for a promotion takes the job back out of its queue (I2)', async () => {
  const id = await due('failed');
  const { second, waited } = await race(url, [promote, act(reschedule, id)]);
  expect(waited).toBe(true);
  expect(second).toEqual([id]);
  expect(await recordedPath(client, id)).toEqual(['enqueued → scheduled, attempt 1']);
});

test('a promoter passes by a failed job that is being retried (I2)', async () => {
  const id = await due('failed');
  const { second, waited } = await race(url, [act(retry, id), promote]);
  expect(waited).toBe(false);
  expect(second).toEqual([]);
  expect(await recordedPath(client, id)).toEqual(['failed → enqueued, attempt 1']);
});

test('a retry that waits for a promotion changes nothing and is told so (I2)', async () => {
  const id = await due('failed');
  const { second, waited } = await race(url, [promote, act(retry, id)]);
  expect(waited).toBe(true);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued', attempt_limit: 3 });
  expect(await recordedPath(client, id)).toEqual([]);
});
