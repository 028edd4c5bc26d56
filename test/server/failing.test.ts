import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);

test('a failed attempt is repeated after its delay, and each failure is in the history with its error', async () => {
  const firelock = openFirelock(url);
  const flaky = defineJob({
    name: 'flaky',
    retry: { attempts: 5, delays: ['20ms', 50] },
    handler: (_args, { job }) => {
      if (job.attempt < 3) throw new TypeError(`attempt ${job.attempt}`, { cause: new Error('the network') });
      return job.attempt;
    },
  });
  await startServer(firelock, { jobs: [flaky] });
  const job = await jobInState(firelock, await firelock.enqueue(flaky), 'succeeded');
  expect(job).toMatchObject({ attempt: 3, result: 3 });
  const failures = job.history.filter(({ state }) => state === 'failed');
  expect(failures.map(({ error }) => error?.message)).toEqual(['attempt 1', 'attempt 2']);
  expect(failures[0]?.error).toMatchObject({ name: 'TypeError', cause: { message: 'the network' } });
  expect(failures[0]?.error?.stack).toContain('failing.test.ts');
  const delays = failures.map(({ at, runAt }) => Number(runAt) - Number(at));
  // Planned from the start of the statement that also writes `at`: a busy Postgres takes some milliseconds in between.
  expect(delays[0]).toBeGreaterThan(5);
  expect(delays[1]).toBeGreaterThan(25);
});

test('a job without attempts left is a dead letter with the reason and the server that failed', async () => {
  const firelock = openFirelock(url);
  const doomed = defineJob({
    name: 'doomed',
    retry: { attempts: 2, delays: [0] },
    handler: () => Promise.reject(new Error('no such account')),
  });
  const server = await startServer(firelock, { jobs: [doomed] });
  const job = await jobInState(firelock, await firelock.enqueue(doomed), 'dead');
  expect(job.attempt).toBe(2);
  expect(job.history.at(-1)).toMatchObject({
    state: 'dead',
    serverId: server.id,
    error: { message: 'no such account' },
  });
});

test("by default the first retry comes after Hangfire's pause", async () => {
  const firelock = openFirelock(url);
  const failing = defineJob({ name: 'failing', handler: () => Promise.reject(new Error('no')) });
  await startServer(firelock, { jobs: [failing] });
  const job = await jobInState(firelock, await firelock.enqueue(failing), 'failed');
  const seconds = (Number(job.runAt) - Number(job.history.at(-1)?.at)) / 1000;
  expect(seconds).toBeGreaterThan(14);
  expect(seconds).toBeLessThan(45);
  expect(job.attemptLimit).toBe(10);
});

test("a call's own retries prevail, and a function may compute the delay", async () => {
  const firelock = openFirelock(url);
  const failing = defineJob({
    name: 'by-function',
    retry: { attempts: 9, delays: (attempt, error) => (error instanceof Error ? attempt * 10 : '1h') },
    handler: () => Promise.reject(new Error('no')),
  });
  await startServer(firelock, { jobs: [failing] });
  const own = { attempts: 3, delays: [1] };
  const job = await jobInState(firelock, await firelock.enqueue(failing, undefined, { retry: own }), 'dead');
  expect(job.attempt).toBe(3);
  await jobInState(firelock, await firelock.enqueue(failing), 'dead');
});

test("a job's own delays function that throws does not lose the job", async () => {
  const firelock = openFirelock(url);
  const failing = defineJob({
    name: 'bad-delays',
    retry: {
      delays: () => {
        throw new Error('bug in delays');
      },
    },
    handler: () => Promise.reject(new Error('no')),
  });
  await startServer(firelock, { jobs: [failing] });
  const job = await jobInState(firelock, await firelock.enqueue(failing), 'failed');
  expect(job.history.at(-1)?.error?.message).toBe('no');
});

test('args that no longer fit the schema fail the attempt before the handler runs', async () => {
  const firelock = openFirelock(url);
  const old = defineJob({ name: 'evolved', args: z.object({ id: z.number() }), retry: { attempts: 1 } });
  let ran = false;
  const evolved = defineJob({
    name: 'evolved',
    args: z.object({ id: z.string() }),
    handler: () => void (ran = true),
  });
  await startServer(firelock, { jobs: [evolved] });
  const job = await jobInState(firelock, await firelock.enqueue(old, { id: 1 }), 'dead');
  expect(job.history.at(-1)?.error).toMatchObject({
    name: 'InvalidArgsError',
    code: 'FIRELOCK_INVALID_ARGS',
  });
  expect(ran).toBe(false);
});

test('an attempt that takes too long has failed, and its signal says why', async () => {
  const firelock = openFirelock(url);
  let reason: unknown;
  const slow = defineJob({
    name: 'slow',
    timeout: '50ms',
    retry: { attempts: 1 },
    handler: (_args, { signal }) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          resolve();
        });
      }),
  });
  await startServer(firelock, { jobs: [slow] });
  const job = await jobInState(firelock, await firelock.enqueue(slow), 'dead');
  expect(job.history.at(-1)?.error?.code).toBe('FIRELOCK_JOB_TIMEOUT');
  expect(reason).toMatchObject({ code: 'FIRELOCK_JOB_TIMEOUT', timeoutMs: 50 });
});

test('I5: an attempt whose job was deleted meanwhile changes nothing when it ends', async () => {
  const firelock = openFirelock(url);
  let finish: () => void = () => undefined;
  let started: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  const job = defineJob({
    name: 'deleted-while-running',
    handler: () => {
      started();
      return new Promise<string>((resolve) => (finish = () => resolve('too late')));
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await running;
  expect(await firelock.delete(id)).toBe(true);
  finish();
  await server.stop();
  expect(await firelock.getJob(id)).toMatchObject({ state: 'deleted', result: undefined });
  const { rows } = await client.query('select to_state from firelock.transitions where job_id = $1', [id]);
  expect(rows).toEqual([{ to_state: 'deleted' }]);
});
