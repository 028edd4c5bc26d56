import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { leaseLockName, renewLease } from '../../src/storage/lease.js';
import { registerServer } from '../../src/storage/servers.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const storage = fileStorage(url);

/** A job that notes on which attempt its signal was aborted and why, and when another attempt began. */
function noted(queue: string) {
  const events: string[] = [];
  const job = defineJob({
    name: queue,
    queue,
    handler: async (_args: void, { signal, job: { attempt } }) => {
      events.push(`attempt ${attempt} began`);
      if (attempt > 1) return 'done elsewhere';
      await sleep(60_000, undefined, { signal }).catch(() => {
        events.push(`attempt ${attempt} was aborted: ${(signal.reason as { code: string }).code}`);
      });
      throw new Error('aborted');
    },
  });
  return { job, events };
}

async function stateOf(serverId: string): Promise<string> {
  const { rows } = await client.query<{ state: string }>('select state from firelock.servers where id = $1', [
    serverId,
  ]);
  return rows[0]?.state ?? '';
}

test('a server that nobody hears aborts its handlers before another server starts their jobs', async () => {
  const network = await networkTo(url);
  const observer = openFirelock(url);
  const { job, events } = noted('unheard');
  const first = await startServer(openFirelock(network.connectionString), { jobs: [job] });
  const id = await observer.enqueue(job);
  await eventually('it runs', () => events.length === 1);
  await startServer(observer, { jobs: [job] });
  network.blackOut();
  await eventually('another server has it', () => events.includes('attempt 2 began'), 40_000);
  expect(events).toEqual([
    'attempt 1 began',
    'attempt 1 was aborted: FIRELOCK_LEASE_EXPIRED',
    'attempt 2 began',
  ]);
  const lost = first.id;
  expect(await stateOf(lost)).toBe('lost');
  network.restore();
  await eventually('the server goes on under a new id', () => first.id !== lost);
  expect(await jobInState(observer, id, 'succeeded')).toMatchObject({ attempt: 2, result: 'done elsewhere' });
}, 60_000);

test('so does one whose connections were cut and that gets no others, within seconds', async () => {
  const network = await networkTo(url);
  const observer = openFirelock(url);
  const { job, events } = noted('refused');
  await startServer(openFirelock(network.connectionString), { jobs: [job] });
  await observer.enqueue(job);
  await eventually('it runs', () => events.length === 1);
  await startServer(observer, { jobs: [job] });
  network.refuse();
  await eventually('another server has it', () => events.includes('attempt 2 began'), 10_000);
  expect(events).toEqual([
    'attempt 1 began',
    'attempt 1 was aborted: FIRELOCK_LEASE_EXPIRED',
    'attempt 2 began',
  ]);
  network.restore();
}, 60_000);

test('a lease whose connection is not to its own Postgres session holds no lock', async () => {
  const id = await registerServer(storage, { name: 'pooled', queues: {}, jobNames: [] });
  const lock = leaseLockName('firelock');
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const own = rows[0]?.pid ?? 0;
  const renew = async (pid: number | null) =>
    (await client.query(renewLease.text, [id, pid, lock, false, 0])).rows;
  expect(await renew(null)).toEqual([{ locked: false, asked: null }]);
  expect(await renew(own + 1)).toEqual([{ locked: false, asked: null }]);
  expect(await renew(own)).toEqual([{ locked: true, asked: null }]);
  await client.query('select pg_advisory_unlock_all()');
});
