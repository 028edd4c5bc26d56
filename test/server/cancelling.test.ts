import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import type { Ending, HistoryEntry } from '../../src/job/job.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { connect, jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';
import { heeding, openDeafFirelock } from './heeding.js';

const url = await fileDatabase();
const client = await fileConnection(url);

async function deletionOf(firelock: Firelock, id: string): Promise<HistoryEntry | undefined> {
  return (await firelock.getJob(id))?.history.find(({ state }) => state === 'deleted');
}

function ended(firelock: Firelock, id: string, ending: Ending): Promise<HistoryEntry> {
  return eventually(`the history says that the handler of job ${id} has ${ending}`, async () => {
    const deletion = await deletionOf(firelock, id);
    return deletion?.ending === ending ? deletion : undefined;
  });
}

test('deleting a running job, from another process, aborts its signal within a second and says how it ended', async () => {
  const operator = openFirelock(url);
  const firelock = openFirelock(url);
  const { job, aborted } = heeding('cancelled');
  const server = await startServer(firelock, { jobs: [job] });
  const cancelled: unknown[] = [];
  firelock.on('job:cancelled', (event) => cancelled.push(event));
  const id = await operator.enqueue(job);
  await jobInState(operator, id, 'processing');
  const deletedAtMs = performance.now();
  expect(await operator.delete(id, { by: 'ada' })).toBe(true);
  expect((await operator.getJob(id))?.state).toBe('deleted');
  await eventually('the handler has ended', () => aborted.length === 1);
  expect((aborted[0]?.atMs ?? 0) - deletedAtMs).toBeLessThan(1000);
  expect(aborted[0]?.reason).toMatchObject({ code: 'FIRELOCK_JOB_CANCELLED', jobId: id });
  const deletion = await ended(operator, id, 'stopped');
  expect(deletion).toMatchObject({ from: 'processing', by: 'ada', attempt: 1, serverId: server.id });
  expect(Number(deletion.endedAt)).toBeGreaterThanOrEqual(Number(deletion.at));
  await eventually('it is told', () => cancelled.length === 1);
  expect(cancelled).toMatchObject([{ job: { id }, serverId: server.id, ending: 'stopped' }]);
  expect(server.count('job:cancelled')).toBe(1);
  expect(server.count('job:stale')).toBe(0);
});

test('a handler that finishes all the same changes nothing, and the history says that it did', async () => {
  const firelock = openFirelock(url);
  let finish: () => void = () => undefined;
  const stubborn = defineJob({
    name: 'stubborn',
    queue: 'stubborn',
    handler: () => new Promise<string>((resolve) => (finish = () => resolve('done'))),
  });
  await startServer(firelock, { jobs: [stubborn] });
  const id = await firelock.enqueue(stubborn);
  await jobInState(firelock, id, 'processing');
  await firelock.delete(id);
  expect(await deletionOf(firelock, id)).toMatchObject({ ending: undefined, endedAt: undefined });
  finish();
  await ended(firelock, id, 'finished');
  expect(await firelock.getJob(id)).toMatchObject({ state: 'deleted', result: undefined });
});

test('a job deleted in a transaction goes on until the commit, and runs to its end after a rollback', async () => {
  const firelock = openFirelock(url);
  const { job, aborted } = heeding('in-transaction');
  await startServer(firelock, { jobs: [job] });
  const [kept = '', deleted = ''] = await firelock.enqueueMany(job, [undefined, undefined]);
  for (const id of [kept, deleted]) await jobInState(firelock, id, 'processing');
  const tx = await connect(url);
  await tx.query('begin');
  expect(await firelock.delete(kept, { tx })).toBe(true);
  await tx.query('rollback');
  await tx.query('begin');
  expect(await firelock.delete(deleted, { tx })).toBe(true);
  expect(aborted).toEqual([]);
  await tx.query('commit');
  await eventually('its handler has ended', () => aborted.length > 0);
  expect(aborted).toMatchObject([{ reason: { jobId: deleted } }]);
  expect((await firelock.getJob(kept))?.state).toBe('processing');
});

test('a thousand running jobs that are deleted one by one are all aborted, and their slots are free again', async () => {
  const firelock = openFirelock(url);
  const { job, aborted } = heeding('many');
  const server = await startServer(firelock, { jobs: [job], queues: { many: 1000 } });
  const ids = await firelock.enqueueMany(
    job,
    Array.from({ length: 1000 }, () => undefined),
  );
  await eventually('all run', async () => {
    const { rows } = await client.query(
      "select from firelock.jobs where queue = 'many' and state = 'processing'",
    );
    return rows.length === 1000;
  });
  await Promise.all(ids.map((id) => firelock.delete(id)));
  await eventually('all have ended', () => server.count('job:cancelled') === 1000);
  expect(aborted.every(({ reason }) => reason instanceof Error)).toBe(true);
  await jobInState(firelock, await firelock.enqueue(job), 'processing');
});

test('a handler that ends before its server has heard of the deletion is in the history as well', async () => {
  const operator = openFirelock(url);
  let finish: () => void = () => undefined;
  const unaware = defineJob({
    name: 'unaware',
    queue: 'unaware',
    handler: () => new Promise<void>((resolve) => (finish = resolve)),
  });
  const server = await startServer(openDeafFirelock(url), { jobs: [unaware] });
  const id = await operator.enqueue(unaware);
  await jobInState(operator, id, 'processing');
  await operator.delete(id);
  finish();
  await ended(operator, id, 'finished');
  await eventually('it is told', () => server.count('job:cancelled') === 1);
  expect(server.count('job:stale')).toBe(0);
});

test('I5: a job that is deleted, put back and run again keeps its second attempt, and each ending has its row', async () => {
  const firelock = openFirelock(url);
  const finish = new Map<number, () => void>();
  const twice = defineJob({
    name: 'twice',
    queue: 'twice',
    handler: (_args, { job: { attempt }, signal }) =>
      new Promise<string>((resolve) => {
        finish.set(attempt, () => resolve(`attempt ${attempt}, aborted: ${signal.aborted}`));
      }),
  });
  const server = await startServer(firelock, { jobs: [twice] });
  const id = await firelock.enqueue(twice);
  await eventually('the first attempt runs', () => finish.has(1));
  await firelock.delete(id);
  await firelock.requeue(id);
  await eventually('the second attempt runs', () => finish.has(2));
  finish.get(1)?.();
  await ended(firelock, id, 'finished');
  finish.get(2)?.();
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({
    attempt: 2,
    result: 'attempt 2, aborted: false',
  });
  await eventually('it is told once', () => server.count('job:cancelled') === 1);
});

test("a job that was deleted between its claim and the claim's answer does not start", async () => {
  const network = await networkTo(url);
  const operator = openFirelock(url);
  const started: number[] = [];
  const job = defineJob({
    name: 'late-answer',
    queue: 'late-answer',
    args: z.number(),
    handler: (n) => void started.push(n),
  });
  await startServer(openFirelock(network.connectionString), { jobs: [job] });
  await network.silence();
  const answer = network.hold('answers', 'settle-and-claim');
  const id = await operator.enqueue(job, 1);
  await jobInState(operator, id, 'processing');
  await operator.delete(id);
  await network.silence();
  answer.letGo();
  await ended(operator, id, 'stopped');
  expect(started).toEqual([]);
});

test('how a handler ended is written after an outage, too', async () => {
  const network = await networkTo(url);
  const operator = openFirelock(url);
  let end: (() => void) | undefined;
  const slow = defineJob({
    name: 'slow-to-stop',
    queue: 'outage',
    handler: (_args, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => (end = () => reject(new Error('stopped at last'))));
      }),
  });
  const server = await startServer(openFirelock(network.connectionString), { jobs: [slow] });
  const id = await operator.enqueue(slow);
  await jobInState(operator, id, 'processing');
  await operator.delete(id);
  const other = await connect(url);
  await other.query('begin');
  await other.query('select from firelock.transitions where job_id = $1 for update', [id]);
  const stop = await eventually('it was told to stop', () => end);
  stop();
  await eventually('the ending waits to be written', async () => {
    const { rows } = await client.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'update firelock.transitions'",
    );
    return rows.length === 1;
  });
  network.cut();
  await other.query('rollback');
  await ended(operator, id, 'stopped');
  await eventually('it is told', () => server.count('job:cancelled') === 1);
});
