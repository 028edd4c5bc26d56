import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/job/definition.js';
import type { Firelock } from '../../src/firelock.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);

test('a handler that blocks its process for longer than servers may be silent keeps its lease', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [defineJob({ name: 'other', handler: () => 0 })] });
  const worker = spawn(process.execPath, ['--import', 'tsx', 'test/server/blocking-worker.ts', url]);
  onTestFinished(() => void worker.kill('SIGKILL'));
  const blocking = defineJob({ name: 'blocking', queue: 'blocking', args: z.number() });
  const id = await firelock.enqueue(blocking, 22_000);
  const { serverId = '' } = await jobInState(firelock, id, 'processing');
  const job = await eventually('it ends', () => ended(firelock, id), 40_000);
  expect(job).toMatchObject({ state: 'succeeded', attempt: 1, recoveries: 0, result: 'undisturbed' });
  const { rows } = await client.query('select state from firelock.servers where id = $1', [serverId]);
  expect(rows).toEqual([{ state: 'running' }]);
}, 60_000);

test('that an event loop is blocked is told while it is, by the thread that renews the lease', async () => {
  const firelock = openFirelock(url);
  const worker = spawn(process.execPath, ['--import', 'tsx', 'test/server/blocking-worker.ts', url]);
  onTestFinished(() => void worker.kill('SIGKILL'));
  const blocking = defineJob({ name: 'blocking', queue: 'blocking', args: z.number() });
  const id = await firelock.enqueue(blocking, 12_000);
  const { serverId } = await jobInState(firelock, id, 'processing');
  await eventually('its lag is told', async () => {
    const { rows } = await client.query('select from firelock.servers where id = $1 and lag_ms > 3000', [
      serverId,
    ]);
    return rows.length === 1;
  });
  expect(await firelock.getJob(id)).toMatchObject({ state: 'processing' });
});

async function ended(firelock: Firelock, id: string) {
  const job = await firelock.getJob(id);
  return job?.finishedAt === undefined ? undefined : job;
}
