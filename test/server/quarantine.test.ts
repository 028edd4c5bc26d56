import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const innocent = defineJob({ name: 'innocent', queue: 'mixed' });
const poison = defineJob({ name: 'poison', queue: 'mixed' });

/** A worker process that is started again whenever it dies, as an init system would. */
function superviseWorker(): { deaths(): number } {
  let deaths = 0;
  let over = false;
  let worker = spawnWorker();
  function spawnWorker() {
    const spawned = spawn(process.execPath, ['--import', 'tsx', 'test/server/quarantine-worker.ts', url], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    spawned.once('exit', () => {
      deaths += 1;
      if (!over) worker = spawnWorker();
    });
    return spawned;
  }
  onTestFinished(() => {
    over = true;
    worker.kill('SIGKILL');
  });
  return { deaths: () => deaths };
}

async function states(): Promise<Record<string, number>> {
  const { rows } = await client.query<{ key: string; count: number }>(
    `select name || ' ' || state as key, count(*)::integer as count from firelock.jobs group by 1`,
  );
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]));
}

test('I4: of 20 innocent jobs and one that kills its process, that one alone ends as a dead letter', async () => {
  const firelock = openFirelock(url);
  const innocents = await firelock.enqueueMany(innocent, Array.from({ length: 20 }));
  const id = await firelock.enqueue(poison);
  // Watches, and runs nothing: it stands for the rest of a fleet.
  await startServer(firelock, { jobs: [defineJob({ name: 'other', handler: () => 0 })] });
  const worker = superviseWorker();
  await eventually(
    'all have ended',
    async () => {
      const counts = await states();
      return counts['innocent succeeded'] === 20 && counts['poison dead'] === 1;
    },
    60_000,
  );
  expect(worker.deaths()).toBe(3);
  const dead = await firelock.getJob(id);
  expect(dead).toMatchObject({ state: 'dead', attempt: 3, recoveries: 3 });
  expect(dead?.history.at(-1)?.error?.code).toBe('FIRELOCK_SERVER_LOST');
  for (const innocentId of innocents) {
    const job = await firelock.getJob(innocentId);
    expect(job?.recoveries).toBeLessThanOrEqual(2);
  }
}, 90_000);

test('a suspect runs apart: not before what runs has ended, and nothing starts beside it', async () => {
  const firelock = openFirelock(url);
  const events: string[] = [];
  let finish: () => void = () => undefined;
  const slow = defineJob({
    name: 'slow',
    queue: 'apart',
    handler: async () => {
      events.push('slow began');
      await new Promise<void>((resolve) => (finish = resolve));
      events.push('slow ended');
    },
  });
  const suspect = defineJob({
    name: 'suspect',
    queue: 'apart',
    handler: async () => {
      events.push('suspect began');
      await firelock.enqueue(quick);
      await eventually('the other waits', async () => ((await states())['quick enqueued'] ?? 0) > 0);
      events.push('suspect ended');
    },
  });
  const quick = defineJob({ name: 'quick', queue: 'apart', handler: () => void events.push('quick ran') });
  await startServer(firelock, { jobs: [slow, suspect, quick], queues: { apart: 5 } });
  await firelock.enqueue(slow);
  await eventually('it runs', () => events.length === 1);
  const suspectId = await firelock.enqueue(suspect, {}, { delay: '1h' });
  await client.query(`update firelock.jobs set recoveries = 2, state = 'enqueued' where id = $1`, [
    suspectId,
  ]);
  await eventually('the server makes room', async () => {
    const probe = await firelock.enqueue(quick);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return (await firelock.getJob(probe))?.state === 'enqueued';
  });
  const before = events.length;
  finish();
  await jobInState(firelock, suspectId, 'succeeded');
  expect(events.slice(before, before + 3)).toEqual(['slow ended', 'suspect began', 'suspect ended']);
  await eventually('everything else goes on', async () => (await states())['quick enqueued'] === undefined);
}, 60_000);

test('of a fleet with nothing else to do one half runs suspects at once, and the other half stays for what comes', async () => {
  const firelock = openFirelock(url);
  let running = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const suspect = defineJob({
    name: 'suspect',
    queue: 'idle',
    handler: async () => {
      running += 1;
      await finished;
      running -= 1;
    },
  });
  const quick = defineJob({ name: 'quick', queue: 'idle', handler: () => 'ran' });
  for (const name of ['one', 'two', 'three', 'four'])
    await startServer(openFirelock(url), { name, jobs: [suspect, quick], queues: { idle: 5 } });
  const suspects = await firelock.enqueueMany(
    suspect,
    Array.from({ length: 4 }, () => ({})),
    { delay: '1h' },
  );
  await client.query(
    `update firelock.jobs set recoveries = 2, state = 'enqueued' where id = any($1::bigint[])`,
    [suspects],
  );
  await eventually('two run, each alone in its process', () => running === 2);
  const id = await firelock.enqueue(quick);
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ result: 'ran' });
  finish();
  for (const each of suspects) await jobInState(firelock, each, 'succeeded');
}, 60_000);
