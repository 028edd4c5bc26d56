import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';
import { heeding, openDeafFirelock } from './heeding.js';

const url = await fileDatabase();
const client = await fileConnection(url);

test('without notifications, a deleted job is aborted after ten seconds at most', async () => {
  const operator = openFirelock(url);
  const { job, aborted } = heeding('deaf');
  const server = await startServer(openDeafFirelock(url), { jobs: [job] });
  const id = await operator.enqueue(job);
  await jobInState(operator, id, 'processing');
  await operator.delete(id);
  const deletedAtMs = performance.now();
  await eventually('its handler has ended', () => aborted.length === 1);
  expect((aborted[0]?.atMs ?? 0) - deletedAtMs).toBeLessThan(10_000);
  expect(aborted[0]?.reason).toMatchObject({ code: 'FIRELOCK_JOB_CANCELLED', jobId: id });
  await eventually('its ending is written', () => server.count('job:cancelled') === 1);
});

test("an attempt that is no longer the server's by Postgres is aborted, for whatever reason it is not", async () => {
  const network = await networkTo(url);
  const operator = openFirelock(url);
  const { job, aborted } = heeding('taken');
  const server = await startServer(openFirelock(network.connectionString), { jobs: [job] });
  const id = await operator.enqueue(job);
  await jobInState(operator, id, 'processing');
  await client.query(
    "update firelock.jobs set state = 'scheduled', run_at = now() + interval '1 hour' where id = $1",
    [id],
  );
  network.cut();
  await eventually('its handler has ended', () => aborted.length === 1);
  expect(aborted[0]?.reason).toMatchObject({ code: 'FIRELOCK_ATTEMPT_LOST', jobId: id, attempt: 1 });
  await eventually('it is told', () => server.count('job:stale') === 1);
  expect((await operator.getJob(id))?.state).toBe('scheduled');
});

test('I5: an attempt that has ended while Postgres was asked about it costs the next one nothing', async () => {
  const network = await networkTo(url);
  const operator = openFirelock(url);
  const end = new Map<number, () => void>();
  const seesaw = defineJob({
    name: 'seesaw',
    queue: 'seesaw',
    retry: { delays: [0] },
    handler: (_args, { job: { attempt }, signal }) =>
      new Promise<object>((resolve, reject) => {
        const fail = () => reject(new Error('once more'));
        end.set(attempt, attempt === 1 ? fail : () => resolve({ attempt, aborted: signal.aborted }));
      }),
  });
  await startServer(openFirelock(network.connectionString), { jobs: [seesaw] });
  const id = await operator.enqueue(seesaw);
  await eventually('the first attempt runs', () => end.has(1));
  const question = network.hold('questions', 'compare-attempts');
  network.cut();
  await eventually('Postgres is asked', () => question.count() === 1);
  end.get(1)?.();
  await eventually('the second attempt runs', () => end.has(2));
  question.letGo();
  await network.silence();
  end.get(2)?.();
  expect(await jobInState(operator, id, 'succeeded')).toMatchObject({
    result: { attempt: 2, aborted: false },
  });
});

/** As if the server had claimed the job that long ago, and the answer had been lost. */
async function claimFor(serverId: string, id: string, age: string): Promise<void> {
  await client.query(
    `update firelock.jobs
     set state = 'processing', attempt = 1, server_id = $1, started_at = now() - $3::interval
     where id = $2`,
    [serverId, id, age],
  );
}

/** Servers compare at once when they listen again. */
async function interruptListening(): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query ~ '^listen'`,
  );
}

test('I4: a job that was claimed for a server which never heard of it goes back; what the server runs stays', async () => {
  const firelock = openFirelock(url);
  const { job } = heeding('claimed');
  const orphan = defineJob({ name: 'orphan', queue: 'nobody' });
  const server = await startServer(firelock, { jobs: [job] });
  const running = await firelock.enqueue(job);
  await jobInState(firelock, running, 'processing');
  const [old = '', young = ''] = await firelock.enqueueMany(orphan, [undefined, undefined]);
  await claimFor(server.id, old, '31 s');
  await claimFor(server.id, young, '1 s');
  await client.query("update firelock.jobs set started_at = now() - interval '1 hour' where id = $1", [
    running,
  ]);
  await interruptListening();
  const released = await jobInState(firelock, old, 'enqueued');
  expect(released).toMatchObject({ attempt: 1, attemptLimit: 11, uncounted: 1 });
  expect((await firelock.getJob(young))?.state).toBe('processing');
  expect((await firelock.getJob(running))?.state).toBe('processing');
});

test('I4: an outcome that is on its way to Postgres is not taken for a claim whose answer was lost', async () => {
  const network = await networkTo(url);
  const operator = openFirelock(url);
  let finish: (() => void) | undefined;
  const job = defineJob({
    name: 'on-its-way',
    queue: 'on-its-way',
    handler: () => new Promise<string>((resolve) => (finish = () => resolve('kept'))),
  });
  const options = { jobs: [job], queues: { 'on-its-way': 1 } };
  const server = await startServer(openFirelock(network.connectionString), options);
  const id = await operator.enqueue(job);
  const end = await eventually('it runs', () => finish);
  await client.query("update firelock.jobs set started_at = now() - interval '1 hour' where id = $1", [id]);
  const outcome = network.hold('questions', 'settle-and-claim');
  end();
  await eventually('its outcome is on its way', () => outcome.count() === 1);
  const orphan = await operator.enqueue(defineJob({ name: 'orphan', queue: 'nobody' }));
  await claimFor(server.id, orphan, '31 s');
  await interruptListening();
  await jobInState(operator, orphan, 'enqueued');
  outcome.letGo();
  expect(await jobInState(operator, id, 'succeeded')).toMatchObject({ attempt: 1, result: 'kept' });
});
