import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  InvalidLifecycleError,
  InvalidOptionsError,
  InvalidServerJobsError,
  MigrationRequiredError,
} from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const ping = defineJob({ name: 'ping', handler: () => 'pong' });

test('a handler gets its args as the schema makes them, and the job keeps what it returns', async () => {
  const firelock = openFirelock(url);
  const add = defineJob({
    name: 'add',
    args: z.object({ a: z.number(), b: z.coerce.number().default(2), on: z.coerce.date() }),
    handler: ({ a, b, on }) => ({ sum: a + b, year: on.getUTCFullYear() }),
  });
  await startServer(firelock, { jobs: [add] });
  const id = await firelock.enqueue(add, { a: 1, on: new Date('2026-05-01') });
  const job = await jobInState(firelock, id, 'succeeded');
  expect(job).toMatchObject({ attempt: 1, result: { sum: 3, year: 2026 } });
  expect(job.history.map(({ state }) => state)).toEqual(['enqueued', 'processing', 'succeeded']);
});

test('the context tells the handler which job and attempt it is, and lets it enqueue more', async () => {
  const firelock = openFirelock(url);
  let child = '';
  const parent = defineJob({
    name: 'parent',
    priority: 'critical',
    handler: async (_args, { job, firelock: client, signal }) => {
      child = await client.enqueue(ping);
      return { ...job, aborted: signal.aborted };
    },
  });
  await startServer(firelock, { jobs: [parent, ping] });
  const id = await firelock.enqueue(parent);
  const { result } = await jobInState(firelock, id, 'succeeded');
  expect(result).toMatchObject({
    id,
    name: 'parent',
    attempt: 1,
    attemptLimit: 10,
    priority: 'critical',
    aborted: false,
  });
  await jobInState(firelock, child, 'succeeded');
});

test('a contract is enqueued where there is no handler and run where there is one', async () => {
  const firelock = openFirelock(url);
  const contract = defineJob({ name: 'double', args: z.object({ n: z.number() }) });
  const implementation = contract.withHandler(({ n }) => 2 * n);
  await startServer(firelock, { jobs: [implementation] });
  const id = await firelock.enqueue(contract, { n: 21 });
  expect((await jobInState(firelock, id, 'succeeded')).result).toBe(42);
});

test('a queue never runs more jobs at once than it has slots', async () => {
  const firelock = openFirelock(url);
  let running = 0;
  let most = 0;
  let ended = 0;
  const job = defineJob({
    name: 'slow',
    queue: 'narrow',
    handler: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
      running -= 1;
      ended += 1;
    },
  });
  await firelock.enqueueMany(
    job,
    Array.from({ length: 400 }, () => undefined),
  );
  await startServer(firelock, { jobs: [job], queues: { narrow: 7 } });
  await eventually('all have run', () => ended === 400);
  expect(most).toBe(7);
});

test('jobs are claimed by priority, and by age within one', async () => {
  const firelock = openFirelock(url);
  const order: number[] = [];
  const job = defineJob({
    name: 'ordered',
    queue: 'ordered',
    args: z.number(),
    handler: (n) => void order.push(n),
  });
  for (const [n, priority] of (
    ['low', 'normal', 'high', 'critical', 'low', 'high', 'normal'] as const
  ).entries()) {
    await firelock.enqueue(job, n, { priority });
  }
  await startServer(firelock, { jobs: [job], queues: { ordered: 1 } });
  await eventually('all have run', () => order.length === 7);
  expect(order).toEqual([3, 2, 5, 1, 6, 0, 4]);
});

test('a server claims only jobs that it has handlers for: several apps share a database', async () => {
  const firelock = openFirelock(url);
  const theirs = defineJob({ name: 'theirs', queue: 'shared' });
  const foreign = await firelock.enqueue(theirs);
  await startServer(firelock, { jobs: [ping], queues: { shared: 5 } });
  await jobInState(firelock, await firelock.enqueue(ping, undefined, { queue: 'shared' }), 'succeeded');
  expect(await firelock.getJob(foreign)).toMatchObject({ state: 'enqueued', attempt: 0 });
});

test('several servers run each job once', async () => {
  const firelock = openFirelock(url);
  const runs = new Map<number, number>();
  const job = defineJob({
    name: 'counted',
    queue: 'counted',
    args: z.number(),
    handler: (n) => void runs.set(n, (runs.get(n) ?? 0) + 1),
  });
  await Promise.all(
    Array.from({ length: 3 }, () => startServer(firelock, { jobs: [job], queues: { counted: 20 } })),
  );
  await firelock.enqueueMany(
    job,
    Array.from({ length: 3000 }, (_, n) => n),
  );
  await eventually('all have run', () => runs.size === 3000);
  expect(Math.max(...runs.values())).toBe(1);
});

test('without queues in its options, a server serves those of its jobs, and default', async () => {
  const firelock = openFirelock(url);
  const elsewhere = defineJob({ name: 'elsewhere', queue: 'elsewhere', handler: () => 'here' });
  await startServer(firelock, { jobs: [elsewhere, ping] });
  await jobInState(firelock, await firelock.enqueue(elsewhere), 'succeeded');
  await jobInState(firelock, await firelock.enqueue(ping), 'succeeded');
});

test('bad server options are refused, all at once', () => {
  const firelock = openFirelock(url);
  expect(() => firelock.createServer({ jobs: [], queues: { emails: 0 } })).toThrow(InvalidOptionsError);
  expect(() => firelock.createServer({ jobs: [], queues: { emails: 0 } })).toThrow(
    /jobs: .*; queues\.emails: /,
  );
  expect(() => firelock.createServer({ jobs: [ping, ping] })).toThrow(InvalidServerJobsError);
  expect(() => firelock.createServer({ jobs: [defineJob({ name: 'bare' }) as never] })).toThrow(/no handler/);
});

test('a server on a database that is not migrated says so, and a server starts once', async () => {
  const elsewhere = openFirelock(url, { schema: 'elsewhere' });
  await expect(elsewhere.createServer({ jobs: [ping] }).start()).rejects.toThrow(MigrationRequiredError);
  const server = await startServer(openFirelock(url), { jobs: [ping] });
  await expect(server.start()).rejects.toThrow(InvalidLifecycleError);
});
