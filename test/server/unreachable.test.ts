import { expect, test } from 'vitest';
import type { Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';
import { heeding } from './heeding.js';

const url = await fileDatabase();
const client = await fileConnection(url);

async function seconds(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return (performance.now() - startedAt) / 1000;
}

/** A slot whose job ends when it is told to, and one whose job never does. */
async function runBoth(firelock: Firelock, operator: Firelock, queue: string) {
  const { job, aborted } = heeding(queue);
  const deaf = defineJob({ name: `deaf-${queue}`, queue, handler: () => new Promise(() => undefined) });
  const server = await startServer(firelock, { jobs: [job, deaf] });
  const ids = [await operator.enqueue(job), await operator.enqueue(deaf)];
  for (const id of ids) await jobInState(operator, id, 'processing');
  return { server, aborted };
}

test('a server that runs jobs stops within ten seconds when Postgres does not answer any more', async () => {
  const network = await networkTo(url);
  const firelock = openFirelock(network.connectionString);
  const { server, aborted } = await runBoth(firelock, openFirelock(url), 'silent');
  network.blackOut();
  expect(await seconds(server.stop({ grace: 0 }))).toBeLessThan(10);
  expect(aborted).toHaveLength(1);
  expect(await seconds(firelock.close())).toBeLessThan(5);
});

test('close alone ends within ten seconds when Postgres does not answer and no handler runs', async () => {
  const network = await networkTo(url);
  const firelock = openFirelock(network.connectionString);
  const { job } = heeding('idle');
  await startServer(firelock, { jobs: [job] });
  network.blackOut();
  const unanswered = firelock.enqueue(job);
  unanswered.catch(() => undefined);
  expect(await seconds(firelock.close())).toBeLessThan(10);
  await expect(unanswered).rejects.toThrow();
});

test('a server whose start Postgres does not answer is stopped within ten seconds, and never starts', async () => {
  const network = await networkTo(url);
  const firelock = openFirelock(network.connectionString);
  const { job } = heeding('starting');
  const server = firelock.createServer({ jobs: [job] });
  network.blackOut();
  const started = server.start();
  started.catch(() => undefined);
  expect(await seconds(server.stop({ grace: 0 }))).toBeLessThan(10);
  expect(await seconds(firelock.close())).toBeLessThan(10);
  await expect(started).rejects.toThrow();
  expect(server.id).toBe('');
});

test('a server that was stopped while Postgres was slow to let it start stops when it has started', async () => {
  const network = await networkTo(url);
  const operator = openFirelock(url);
  const firelock = openFirelock(network.connectionString);
  const { job } = heeding('slow-start');
  const server = firelock.createServer({ jobs: [job] });
  const answer = network.hold('answers', 'insert into');
  const started = server.start();
  await eventually('it is being registered', () => answer.count() > 0);
  await server.stop();
  answer.letGo();
  await started;
  const id = await operator.enqueue(job);
  await eventually('it has stopped', async () => {
    const { rows } = await client.query('select state from firelock.servers where id = $1', [server.id]);
    return rows[0].state === 'stopped';
  });
  expect(await operator.getJob(id)).toMatchObject({ state: 'enqueued' });
});
