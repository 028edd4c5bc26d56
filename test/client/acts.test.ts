import { expect, test } from 'vitest';
import { InvalidJobIdError, InvalidOptionsError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { fileDatabase } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const ping = defineJob({ name: 'ping', handler: () => 'pong' });
const doomed = defineJob({
  name: 'doomed',
  queue: 'doomed',
  retry: { attempts: 1 },
  handler: () => Promise.reject(new Error('no')),
});

test('retry gives a dead letter one more attempt, and the history says who did it and why', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [doomed] });
  const id = await firelock.enqueue(doomed);
  await jobInState(firelock, id, 'dead');
  expect(await firelock.retry(id, { by: 'ada', reason: 'mended' })).toBe(true);
  const job = await jobInState(firelock, id, 'dead');
  expect(job.history.map(({ state }) => state)).toEqual(['enqueued', 'dead', 'enqueued', 'dead']);
  expect(job.history[2]).toMatchObject({ from: 'dead', by: 'ada', reason: 'mended' });
  expect(job).toMatchObject({ attempt: 2, attemptLimit: 2 });
});

test("until it runs again, a retried job's history ends with the retry", async () => {
  const firelock = openFirelock(url);
  const server = await startServer(firelock, { jobs: [doomed] });
  const id = await firelock.enqueue(doomed);
  await jobInState(firelock, id, 'dead');
  await server.stop();
  await firelock.retry(id);
  const job = await firelock.getJob(id);
  expect(job?.history.map(({ state }) => state)).toEqual(['enqueued', 'dead', 'enqueued']);
});

test('an act applies only in the states that the caller names', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.schedule(ping, undefined, '1h');
  expect(await firelock.delete(id, { from: 'enqueued' })).toBe(false);
  expect(await firelock.retry(id)).toBe(false);
  expect(await firelock.delete(id, { from: ['enqueued', 'scheduled'] })).toBe(true);
  expect(await firelock.delete(id)).toBe(false);
  expect(await firelock.getJob(id)).toMatchObject({ state: 'deleted', finishedAt: expect.any(Date) });
});

test('requeue runs a succeeded job again and keeps its first success in the history', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [ping] });
  const id = await firelock.enqueue(ping);
  await jobInState(firelock, id, 'succeeded');
  expect(await firelock.requeue(id, { by: 'ada' })).toBe(true);
  const job = await jobInState(firelock, id, 'succeeded');
  const story = job.history.map(({ state, attempt }) => [state, attempt]);
  expect(story).toEqual([
    ['enqueued', 0],
    ['succeeded', 1],
    ['enqueued', 1],
    ['processing', 2],
    ['succeeded', 2],
  ]);
});

test('reschedule moves a waiting job to another time, later or sooner', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [ping] });
  const id = await firelock.schedule(ping, undefined, '1h');
  expect(await firelock.reschedule(id, '2h')).toBe(true);
  const job = await firelock.getJob(id);
  expect(Number(job?.runAt) - Number(job?.createdAt)).toBeGreaterThan(7_100_000);
  expect(await firelock.reschedule(id, 0)).toBe(true);
  await jobInState(firelock, id, 'succeeded');
});

test('two people who act on one job at once: one of them succeeds', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.schedule(ping, undefined, '1h');
  const answers = await Promise.all(Array.from({ length: 8 }, () => firelock.delete(id)));
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test('ids that are no ids and states that are no states are refused', async () => {
  const firelock = openFirelock(url);
  for (const id of ['', 'abc', '1e3', '-1', '9223372036854775808', 7, undefined]) {
    await expect(firelock.retry(id as never)).rejects.toThrow(InvalidJobIdError);
    await expect(firelock.getJob(id as never)).rejects.toThrow(InvalidJobIdError);
  }
  await expect(firelock.retry('1', { from: 'broken' as never })).rejects.toThrow(InvalidOptionsError);
  expect(await firelock.retry('9223372036854775807')).toBe(false);
  expect(await firelock.getJob('9223372036854775807')).toBeUndefined();
});
