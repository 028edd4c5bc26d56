import { beforeAll, beforeEach, expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import * as transition from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { claimSuspect } from '../../src/storage/claim-suspect.js';
import { promoteDueJobs } from '../../src/storage/promote-due-jobs.js';
import { releaseOrphans } from '../../src/storage/release-attempts.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { settleApart } from '../../src/storage/settle-apart.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';
import { putJob } from '../job-rows.js';
import { recoverJobs } from '../lost-servers.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const HOUR = 3_600_000;
/** Within moments: less than any of the instants that a job was put with. */
const MOMENTS = 60_000;
let serverId: string;

beforeAll(async () => {
  serverId = await registerServer(database, { name: 'server', queues: {}, jobNames: [] });
});
beforeEach(() => client.query('delete from firelock.jobs'));

async function claimedAfter(): Promise<number | undefined> {
  const claim = { queue: 'default', names: ['job'], limit: 1 };
  return (await settleAndClaim(database, serverId, { settled: [], claim })).claimed[0]?.waitedMs;
}

test('a job that is enqueued at once waits from then on', async () => {
  const id = await openFirelock(url).enqueue(defineJob({ name: 'job' }));
  await client.query(`update firelock.jobs set created_at = now() - interval '4 h' where id = $1`, [id]);
  const waited = await claimedAfter();
  expect(waited).toBeGreaterThanOrEqual(4 * HOUR);
  expect(waited).toBeLessThan(4 * HOUR + MOMENTS);
  expect(Number.isInteger(waited)).toBe(true);
});

test.each(['scheduled', 'failed'] as const)('a %s job waits from its instant on', async (state) => {
  await putJob(client, { state });
  await promoteDueJobs(database, 10);
  const waited = await claimedAfter();
  expect(waited).toBeGreaterThanOrEqual(3 * HOUR);
  expect(waited).toBeLessThan(3 * HOUR + MOMENTS);
});

const release = transition.released();
test.each([
  ['retry', 'failed', (id: string) => act(transition.retry, id)],
  ['requeue', 'succeeded', (id: string) => act(transition.requeue, id)],
  ['a release', 'processing', (id: string) => settle(id)],
  ['a release, apart', 'processing', (id: string) => settleApart(database, serverId, end(id))],
  [
    'a release of orphans',
    'processing',
    () => releaseOrphans(database, { serverId, queue: 'default', heldIds: [] }),
  ],
  ['recovery', 'processing', () => recoverJobs(database)],
] as const)('after %s a job waits from then on', async (name, state, putBack) => {
  const id = await putJob(client, { state, serverId: name === 'recovery' ? '999999' : serverId });
  await putBack(id);
  const waited = await claimedAfter();
  expect(waited).toBeGreaterThanOrEqual(0);
  expect(waited).toBeLessThan(MOMENTS);
});

test('the wait of a suspect is known, too', async () => {
  await putJob(client, { state: 'enqueued', recoveries: 2 });
  const claimed = await claimSuspect(database, serverId, { queue: 'default', names: ['job'] });
  expect(claimed?.waitedMs).toBeGreaterThanOrEqual(3 * HOUR);
});

test('a job that has waited for longer than an integer of milliseconds can be claimed', async () => {
  await putJob(client, { state: 'enqueued' });
  await client.query(`update firelock.jobs set run_at = now() - interval '1 year'`);
  expect(await claimedAfter()).toBe(2 ** 31 - 1);
});

function act(act: transition.Act, id: string) {
  return applyAct(database, act, { ids: [id], from: act.from });
}

function end(id: string) {
  return { id, attempt: 1, settlement: release };
}

function settle(id: string) {
  const claim = { queue: 'none', names: [], limit: 0 };
  return settleAndClaim(database, serverId, { settled: [end(id)], claim });
}
