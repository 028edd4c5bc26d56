import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const effect = defineJob({ name: 'effect', queue: 'effects' });

beforeAll(() => client.query('create table effects (job_id bigint not null)'));

function startWorkerProcess(...options: readonly string[]): ChildProcess {
  const program = ['--import', 'tsx', 'test/server/transactional-worker.ts', url, ...options];
  const worker = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** Resolves when the worker has run so many handlers. */
async function handlersRun(worker: ChildProcess, count: number): Promise<void> {
  let run = 0;
  worker.stdout?.on('data', (lines: Buffer) => (run += lines.toString().split('\n').length - 1));
  await eventually(`${count} handlers have run`, () => run >= count);
}

async function kill(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

/** Lets the last heartbeat of all servers be long ago instead of waiting for 20 s. */
async function declareSilent(): Promise<void> {
  await client.query("update firelock.servers set heartbeat_at = now() - interval '21 s'");
}

async function count(query: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::integer as count from ${query}`);
  return rows[0]?.count ?? Number.NaN;
}

test('(I6) a process killed in mid-transaction leaves neither effect nor success, and the next run leaves one of each', async () => {
  const firelock = openFirelock(url);
  const doomed = startWorkerProcess();
  const id = await firelock.enqueue(effect);
  await handlersRun(doomed, 1);
  await kill(doomed);
  await eventually('its transaction has ended', async () => {
    const open = await count("pg_stat_activity where application_name like 'firelock:firelock:%'");
    return open === 0;
  });
  expect(await firelock.getJob(id)).toMatchObject({ state: 'processing', attempt: 1 });
  expect(await count('effects')).toBe(0);

  await declareSilent();
  startWorkerProcess('to the end');
  await eventually('it has succeeded', async () => (await firelock.getJob(id))?.state === 'succeeded');
  expect(await firelock.getJob(id)).toMatchObject({ attempt: 2, recoveries: 1 });
  expect(await count('effects')).toBe(1);
}, 60_000);

test('(I6) processes killed at any moment leave exactly one effect for each job that succeeded', async () => {
  const firelock = openFirelock(url);
  await client.query('truncate effects');
  const ids = await firelock.enqueueMany(
    effect,
    Array.from({ length: 150 }, () => undefined),
  );
  for (let kills = 0; kills < 3; kills += 1) {
    const worker = startWorkerProcess('to the end');
    await handlersRun(worker, 30);
    // A job that loses its server again and again is a suspect, which is another matter.
    const again = "firelock.jobs where recoveries > 0 and state in ('enqueued', 'processing')";
    await eventually('what was recovered has ended', async () => (await count(again)) === 0);
    await kill(worker);
    await declareSilent();
  }
  startWorkerProcess('to the end');
  await eventually(
    'all have ended',
    async () => (await count("firelock.jobs where state in ('enqueued', 'processing')")) === 0,
    50_000,
  );
  const succeeded = await count(`firelock.jobs where state = 'succeeded' and id in (${ids.join(',')})`);
  expect(succeeded).toBe(ids.length);
  expect(await count('effects')).toBe(ids.length);
  expect(await count('(select distinct job_id from effects) as jobs')).toBe(ids.length);
}, 90_000);
