import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidOptionsError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { listQueues } from '../../src/storage/queues.js';
import { auditLines } from '../audit-lines.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const COUNT = 20_000;

beforeEach(() => client.query('truncate firelock.jobs, firelock.queue_pauses, firelock.audit_log'));

const pauseOf = async (queue: string) =>
  (await listQueues(database, 100)).find(({ name }) => name === queue)?.pause;

test('I11: once pauseQueue has resolved a paused queue starts nothing, however busy it was, and goes on when it is resumed', async () => {
  const firelock = openFirelock(url);
  let started = 0;
  const busy = defineJob({
    name: 'busy',
    queue: 'busy',
    handler: async () => {
      started += 1;
      await turnOfTheEventLoop();
    },
  });
  const ids = await firelock.enqueueMany(
    busy,
    Array.from({ length: COUNT }, () => undefined),
  );
  await startServer(firelock, { jobs: [busy], queues: { busy: 20 } });
  await eventually('it is at work', () => started > 100);
  expect(await firelock.pauseQueue('busy')).toBe(true);
  const soFar = started;
  expect(soFar).toBeLessThan(COUNT);
  // Looks are how a server finds what it did not hear of.
  await watched(2);
  expect(started).toBe(soFar);
  expect((await client.query("select from firelock.jobs where state = 'processing'")).rowCount).toBe(0);
  expect(await firelock.resumeQueue('busy')).toBe(true);
  await jobInState(firelock, ids.at(-1) ?? '', 'succeeded');
  expect(started).toBe(COUNT);
});

/** Waits until the server that leads has looked so often. */
async function watched(times: number): Promise<void> {
  const lookedAt = async () =>
    String((await client.query('select looked_at::text from firelock.watch')).rows[0]?.looked_at);
  for (let looks = 0; looks < times; looks += 1) {
    const last = await lookedAt();
    await eventually('a server has looked', async () => (await lookedAt()) !== last);
  }
}

test('I11: a suspect in a paused queue is not run, and is after it', async () => {
  const firelock = openFirelock(url);
  await firelock.pauseQueue('suspects');
  const job = defineJob({ name: 'job', args: z.object({ n: z.number() }), handler: () => 'fine' });
  await startServer(firelock, { jobs: [job], queues: { suspects: 1 } });
  const id = await putJob(client, { state: 'enqueued', queue: 'suspects', recoveries: 2 });
  await watched(2);
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 1 });
  await firelock.resumeQueue('suspects');
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ result: 'fine' });
});

test('jobs that run when their queue is paused go on, and other queues do not notice', async () => {
  const firelock = openFirelock(url);
  let finish: (value: string) => void = () => undefined;
  const long = defineJob({
    name: 'long',
    queue: 'long',
    handler: () => new Promise((resolve) => (finish = resolve)),
  });
  const other = defineJob({ name: 'other', handler: () => 'done' });
  await startServer(firelock, { jobs: [long, other] });
  const id = await firelock.enqueue(long);
  await jobInState(firelock, id, 'processing');
  await firelock.pauseQueue('long');
  await jobInState(firelock, await firelock.enqueue(other), 'succeeded');
  finish('done');
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ attempt: 1, result: 'done' });
});

test('a pause says who and why; a repeated one says it anew, and one that says the same changes nothing', async () => {
  const firelock = openFirelock(url);
  expect(await firelock.pauseQueue('emails', { by: 'ann', reason: 'down' })).toBe(true);
  const first = await pauseOf('emails');
  expect(first).toMatchObject({ by: 'ann', reason: 'down', at: expect.any(Date) });
  expect(await firelock.pauseQueue('emails', { by: 'ann', reason: 'down' })).toBe(false);
  expect(await firelock.pauseQueue('emails', { by: 'bob' })).toBe(true);
  expect(await pauseOf('emails')).toEqual({ at: first?.at, by: 'bob', reason: undefined });
  expect(await firelock.resumeQueue('emails', { by: 'cleo' })).toBe(true);
  expect(await firelock.resumeQueue('emails', { by: 'cleo' })).toBe(false);
  expect(await pauseOf('emails')).toBeUndefined();
  const at = first?.at.toISOString();
  expect(await auditLines(client)).toEqual([
    ['ann', 'pause', 'queue', 'emails', 'down', null, { at, by: 'ann', reason: 'down' }],
    ['bob', 'pause', 'queue', 'emails', null, { at, by: 'ann', reason: 'down' }, { at, by: 'bob' }],
    ['cleo', 'resume', 'queue', 'emails', null, { at, by: 'bob' }, null],
  ]);
});

test('of people who pause a queue at once each is told, and recorded with, what the one before has left', async () => {
  const firelock = openFirelock(url);
  const people = ['ann', 'bob', 'cleo', 'dan'];
  const answers = await Promise.all(people.map((by) => firelock.pauseQueue('emails', { by })));
  expect(answers).toEqual([true, true, true, true]);
  const lines = await auditLines(client);
  const befores = lines.map(([, , , , , before]) => (before as { by?: string } | null)?.by);
  expect(befores).toEqual([undefined, ...lines.slice(0, -1).map(([by]) => by)]);
});

test('queues that are no queues, and unknown options, are refused', async () => {
  const firelock = openFirelock(url);
  for (const queue of ['', 'two words', undefined, 7]) {
    await expect(firelock.pauseQueue(queue as never)).rejects.toThrow(InvalidOptionsError);
    await expect(firelock.resumeQueue(queue as never)).rejects.toThrow(InvalidOptionsError);
  }
  await expect(firelock.pauseQueue('emails', { why: 'so' } as never)).rejects.toThrow(/unknown option/);
  expect(await pauseOf('emails')).toBeUndefined();
});

test('what Postgres cannot keep of a name or a reason is replaced', async () => {
  const firelock = openFirelock(url);
  await firelock.pauseQueue('emails', { by: 'a\0b', reason: 'half: \uD83D' });
  expect(await pauseOf('emails')).toMatchObject({ by: 'a\uFFFDb', reason: 'half: \uFFFD' });
});
