import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const endless = defineJob({ name: 'endless', queue: 'endless', retry: { attempts: 1 } });

function startWorkerProcess(): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'test/server/endless-worker.ts', url], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** Kills it as the kernel would, and lets its last heartbeat be long ago instead of waiting for 20 s. */
async function killAndForget(worker: ChildProcess, serverId: string): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
  await client.query("update firelock.servers set heartbeat_at = now() - interval '21 s' where id = $1", [
    serverId,
  ]);
}

test('I4: the job of a process killed with SIGKILL runs again elsewhere, and the attempt does not count', async () => {
  const firelock = openFirelock(url);
  const worker = startWorkerProcess();
  const id = await firelock.enqueue(endless);
  const claimed = await jobInState(firelock, id, 'processing');
  await killAndForget(worker, claimed.serverId ?? '');
  await startServer(firelock, { jobs: [endless.withHandler(() => 'at last')] });
  const job = await jobInState(firelock, id, 'succeeded');
  expect(job).toMatchObject({ attempt: 2, attemptLimit: 2, recoveries: 1, result: 'at last' });
  expect(job.history[1]).toMatchObject({
    from: 'processing',
    state: 'enqueued',
    attempt: 1,
    serverId: claimed.serverId,
    error: { code: 'FIRELOCK_SERVER_LOST' },
  });
});

test('a job whose servers are lost three times ends as a dead letter that says so', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(endless);
  await startServer(firelock, { jobs: [defineJob({ name: 'other', handler: () => 0 })] });
  for (const attempt of [1, 2, 3]) {
    const worker = startWorkerProcess();
    const claimed = await eventually(`attempt ${attempt} runs`, async () => {
      const job = await firelock.getJob(id);
      return job?.state === 'processing' && job.attempt === attempt ? job : undefined;
    });
    await killAndForget(worker, claimed.serverId ?? '');
    await eventually('it was recovered', async () => (await firelock.getJob(id))?.recoveries === attempt);
  }
  const job = await firelock.getJob(id);
  expect(job).toMatchObject({ state: 'dead', recoveries: 3 });
  expect(job?.history.at(-1)?.error?.message).toContain('stopped renewing its lease');
}, 60_000);

test('a server that was declared lost while alive stops its handlers and goes on as a new one', async () => {
  const firelock = openFirelock(url);
  let reason: unknown;
  const job = defineJob({
    name: 'abandoned',
    handler: (_args, { signal, job: { attempt } }) => {
      if (attempt > 1) return 'done by the new server';
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(new Error('aborted'));
        });
      });
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const first = server.id;
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'processing');
  await client.query("update firelock.servers set state = 'lost', stopped_at = now() where id = $1", [first]);
  // Its next heartbeat tells it, and the next look for lost servers finds the job: 5 s each.
  const recovered = await jobInState(firelock, id, 'succeeded');
  expect(recovered).toMatchObject({ attempt: 2, recoveries: 1 });
  expect(server.id).not.toBe(first);
  expect(reason).toMatchObject({ code: 'FIRELOCK_ATTEMPT_LOST', jobId: id, attempt: 1 });
});

test('I4: a job whose claim was committed while its answer was lost is given back by its own server', async () => {
  const network = await networkTo(url);
  const job = defineJob({ name: 'orphan', queue: 'orphans', handler: () => 'found' });
  const direct = openFirelock(url);
  const server = await startServer(openFirelock(network.connectionString), { jobs: [job] });
  await network.silence();
  network.loseAnswersTo('settle-and-claim');
  const id = await direct.enqueue(job);
  const claimed = await jobInState(direct, id, 'processing');
  expect(claimed).toMatchObject({ attempt: 1, serverId: server.id });
  network.cut();
  expect(await jobInState(direct, id, 'succeeded')).toMatchObject({
    attempt: 2,
    recoveries: 0,
    result: 'found',
  });
});

test('I4: outcomes that could not be written while the network was down are written when it is back', async () => {
  const network = await networkTo(url);
  let finish: () => void = () => undefined;
  let runs = 0;
  const job = defineJob({
    name: 'kept',
    queue: 'kept',
    handler: () => {
      runs += 1;
      return new Promise<string>((resolve) => (finish = () => resolve('kept')));
    },
  });
  const direct = openFirelock(url);
  await startServer(openFirelock(network.connectionString), { jobs: [job] });
  const id = await direct.enqueue(job);
  await eventually('it runs', () => runs === 1);
  network.cut();
  finish();
  expect(await jobInState(direct, id, 'succeeded')).toMatchObject({ attempt: 1, result: 'kept' });
  expect(runs).toBe(1);
});
