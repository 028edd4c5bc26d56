import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { heeding } from './heeding.js';

const url = await fileDatabase();
const client = await fileConnection(url);

async function states(): Promise<Record<string, number>> {
  const { rows } = await client.query<{ state: string; count: string }>(
    "select state, count(*) from firelock.jobs where queue = 'stopping' group by state",
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

test('stop claims nothing more and lets running jobs finish', async () => {
  const firelock = openFirelock(url);
  let finish: () => void = () => undefined;
  let started = 0;
  const job = defineJob({
    name: 'patient',
    queue: 'stopping',
    handler: () => {
      started += 1;
      return new Promise<string>((resolve) => (finish = () => resolve('done')));
    },
  });
  const server = await startServer(firelock, { jobs: [job], queues: { stopping: 1 } });
  const [first, second] = await firelock.enqueueMany(job, [undefined, undefined]);
  await eventually('the first has started', () => started === 1);
  const stopped = server.stop({ grace: '10s' });
  finish();
  await stopped;
  expect(await firelock.getJob(first ?? '')).toMatchObject({ state: 'succeeded', result: 'done' });
  expect(await firelock.getJob(second ?? '')).toMatchObject({ state: 'enqueued', attempt: 0 });
  await client.query("delete from firelock.jobs where queue = 'stopping'");
});

test('after the grace, signals are aborted and the jobs given back: that attempt does not count', async () => {
  const firelock = openFirelock(url);
  let started = 0;
  const heeding = defineJob({
    name: 'heeding',
    queue: 'stopping',
    retry: { attempts: 1 },
    handler: (_args, { signal, job }) => {
      if (job.attempt > 1) return 'second time';
      started += 1;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('told to stop')));
      });
    },
  });
  const server = await startServer(firelock, { jobs: [heeding] });
  const id = await firelock.enqueue(heeding);
  await eventually('it has started', () => started === 1);
  await server.stop({ grace: 50 });
  const job = await firelock.getJob(id);
  expect(job).toMatchObject({ state: 'enqueued', attempt: 1, attemptLimit: 2 });
  expect(job?.history.at(-1)).toMatchObject({ from: 'processing', state: 'enqueued', error: undefined });
  await startServer(firelock, { jobs: [heeding] });
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ result: 'second time' });
});

test('a handler that ignores its signal is given back while it still runs, and its end changes nothing', async () => {
  const firelock = openFirelock(url);
  let finish: () => void = () => undefined;
  let started = 0;
  const deaf = defineJob({
    name: 'deaf',
    queue: 'stopping',
    handler: () => {
      started += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    },
  });
  const server = await startServer(firelock, { jobs: [deaf] });
  const id = await firelock.enqueue(deaf);
  await eventually('it has started', () => started === 1);
  await server.stop({ grace: 0 });
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued' });
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued' });
  await firelock.delete(id);
  await client.query("delete from firelock.jobs where queue = 'stopping'");
});

test('a stop with a shorter grace hurries the one that is under way, and both end', async () => {
  const firelock = openFirelock(url);
  const { job, aborted } = heeding('hurried');
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'processing');
  const ends: string[] = [];
  const slow = server.stop({ grace: '1h' }).then(() => ends.push('slow'));
  const joined = server.stop().then(() => ends.push('joined'));
  const longer = server.stop({ grace: '2h' }).then(() => ends.push('longer'));
  await firelock.delete(await firelock.enqueue(job));
  expect({ ends, aborted }).toEqual({ ends: [], aborted: [] });
  await server.stop({ grace: 0 });
  await Promise.all([slow, joined, longer]);
  expect(aborted).toMatchObject([{ reason: { code: 'FIRELOCK_SERVER_STOPPING' } }]);
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 1, uncounted: 1 });
  await firelock.delete(id);
});

test('a job that is deleted while its server stops is aborted, and the stop waits no longer for it', async () => {
  const firelock = openFirelock(url);
  const { job, aborted } = heeding('deleted-while-stopping');
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'processing');
  const stopped = server.stop({ grace: '1h' });
  await firelock.delete(id);
  await stopped;
  expect(aborted).toMatchObject([{ reason: { code: 'FIRELOCK_JOB_CANCELLED' } }]);
  expect((await firelock.getJob(id))?.history.at(-1)).toMatchObject({ state: 'deleted', ending: 'stopped' });
});

test('attempts that were given back neither count nor move a job along its listed delays', async () => {
  const firelock = openFirelock(url);
  const failures: number[] = [];
  const job = defineJob({
    name: 'given-back',
    queue: 'given-back',
    retry: { attempts: 2, delays: (attempt) => failures.push(attempt) && '1h' },
    handler: (_args, { signal, job: { attempt } }) =>
      attempt > 2
        ? Promise.reject(new Error('fails'))
        : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const own = { retry: { attempts: 3, delays: ['1ms', '1h'] as const } };
  const listed = await firelock.enqueue(job, undefined, own);
  const computed = await firelock.enqueue(job);
  for (const attempt of [1, 2]) {
    const server = await startServer(firelock, { jobs: [job] });
    for (const id of [listed, computed])
      await eventually(`attempt ${attempt} of ${id} runs`, async () => {
        const found = await firelock.getJob(id);
        return found?.state === 'processing' && found.attempt === attempt;
      });
    await server.stop({ grace: 0 });
  }
  await startServer(firelock, { jobs: [job] });
  await eventually('the second failure waits for an hour', async () => {
    const found = await firelock.getJob(listed);
    return found?.state === 'failed' && found.attempt === 4;
  });
  expect(await firelock.getJob(listed)).toMatchObject({ attemptLimit: 5, uncounted: 2 });
  expect(await jobInState(firelock, computed, 'failed')).toMatchObject({ attempt: 3, attemptLimit: 4 });
  expect(failures).toEqual([1]);
  await firelock.retry(computed);
  await jobInState(firelock, computed, 'dead');
});

test('servers that stop and start under load lose nothing and run nothing twice', async () => {
  const firelock = openFirelock(url);
  const runs = new Map<string, number>();
  const job = defineJob({
    name: 'rolling',
    queue: 'stopping',
    handler: async (_args, { job: { id } }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      runs.set(id, (runs.get(id) ?? 0) + 1);
    },
  });
  const options = { jobs: [job], queues: { stopping: 20 } };
  const steady = await startServer(firelock, options);
  await firelock.enqueueMany(
    job,
    Array.from({ length: 4000 }, () => undefined),
  );
  while (runs.size < 4000) {
    const server = firelock.createServer(options);
    await server.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.stop();
  }
  await steady.stop();
  expect(await states()).toEqual({ succeeded: 4000 });
  expect(Math.max(...runs.values())).toBe(1);
});

test('a stopped server is shown as stopped, and stop may be called again', async () => {
  const firelock = openFirelock(url);
  const server = await startServer(firelock, { jobs: [defineJob({ name: 'idle', handler: () => 0 })] });
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  const { rows } = await client.query('select state from firelock.servers where id = $1', [server.id]);
  expect(rows).toEqual([{ state: 'stopped' }]);
});

test('a server that is stopped while it starts does not stay behind', async () => {
  const firelock = openFirelock(url);
  const server = firelock.createServer({ jobs: [defineJob({ name: 'idle', handler: () => 0 })] });
  await Promise.all([server.start(), server.stop()]);
  const { rows } = await client.query('select state from firelock.servers where id = $1', [server.id]);
  expect(rows).toEqual([{ state: 'stopped' }]);
});

test('a server that was stopped before it started can be started, and stopped again', async () => {
  const firelock = openFirelock(url);
  const server = firelock.createServer({ jobs: [defineJob({ name: 'idle', handler: () => 0 })] });
  await server.stop();
  await server.start();
  await server.stop();
  const { rows } = await client.query('select state from firelock.servers where id = $1', [server.id]);
  expect(rows).toEqual([{ state: 'stopped' }]);
});
