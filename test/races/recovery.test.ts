import { beforeEach, expect, test } from 'vitest';
import { remove, succeeded } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { releaseOrphans } from '../../src/storage/release-attempts.js';
import { markStopped, registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { jobRow, putJob, recordedPath } from '../job-rows.js';
import { recoverJobs, recoverLost, silence, stateOfServer } from '../lost-servers.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
let serverId: string;

// A server that has fallen silent, and nothing else in the database.
beforeEach(async () => {
  await client.query('delete from firelock.jobs');
  await client.query('delete from firelock.servers');
  serverId = await registerServer(database, { name: 'silent', queues: {}, jobNames: [] });
  await silence(client, serverId);
});

const running = () => putJob(client, { state: 'processing', serverId });

const recover = async (executor: Executor) => (await recoverLost(executor)).map(({ id }) => id);

const recoverOnly = async (executor: Executor) => (await recoverJobs(executor)).map(({ id }) => id);

const settle = (id: string) => async (executor: Executor) => {
  const settled = [{ id, attempt: 1, settlement: succeeded({ result: '"done"' }) }];
  const claim = { queue: 'none', names: [], limit: 0 };
  const { stale } = await settleAndClaim(executor, serverId, { settled, claim });
  return stale.map(({ id }) => id);
};

const claim = async (executor: Executor) => {
  const wanted = { queue: 'default', names: ['job'], limit: 5 };
  const { claimed } = await settleAndClaim(executor, serverId, { settled: [], claim: wanted });
  return claimed.map(({ id }) => id);
};

const deleteJob = (id: string) => async (executor: Executor) =>
  (await applyAct(executor, remove, { ids: [id], from: remove.from })).map((job) => job.id);

const release = async (executor: Executor) =>
  (await releaseOrphans(executor, { serverId, queue: 'default', heldIds: [] })).map(({ id }) => id);

test('an outcome that waits for a recovery changes nothing and is told so (I5)', async () => {
  const id = await running();
  const { first, second, waited } = await race(url, [recover, settle(id)]);
  expect({ first, second, waited }).toEqual({ first: [id], second: [id], waited: true });
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued', recoveries: 1, attempt_limit: 4 });
  expect(await recordedPath(client, id)).toEqual(['processing → enqueued, attempt 1']);
});

test('a recovery passes by a job whose outcome is being written (I1)', async () => {
  const id = await running();
  const { first, second, waited } = await race(url, [settle(id), recover]);
  expect({ first, second, waited }).toEqual({ first: [], second: [], waited: false });
  expect(await jobRow(client, id)).toMatchObject({ state: 'succeeded', result: 'done', recoveries: 0 });
});

test('a job whose outcome was rolled back under a recovery is found by the next (I4)', async () => {
  const id = await running();
  expect(await race(url, [settle(id), recover], 'rollback')).toMatchObject({ second: [] });
  expect(await recover(database)).toEqual([id]);
});

test('of two recoveries at once, a lost job is recovered once (I1)', async () => {
  const ids = [await running(), await running()];
  const { first, second } = await race(url, [recover, recover]);
  expect(first.toSorted()).toEqual(ids);
  expect(second).toEqual([]);
  for (const id of ids) {
    expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued', recoveries: 1, attempt_limit: 4 });
    expect(await recordedPath(client, id)).toEqual(['processing → enqueued, attempt 1']);
  }
});

test('of two recoveries of a server that had left at once, a job is recovered once (I1)', async () => {
  const id = await running();
  await markStopped(database, serverId);
  const { first, second, waited } = await race(url, [recoverOnly, recoverOnly]);
  expect({ first, second, waited }).toEqual({ first: [id], second: [], waited: false });
  expect(await jobRow(client, id)).toMatchObject({ recoveries: 1 });
});

test('what a recovery that died had in hand is recovered by the next, and counts once (I4)', async () => {
  const id = await running();
  await race(url, [recover, () => Promise.resolve()], 'rollback');
  expect(await stateOfServer(client, serverId)).toBe('running');
  expect(await recover(database)).toEqual([id]);
  expect(await jobRow(client, id)).toMatchObject({ recoveries: 1 });
});

test('a claim that is under way when its server is declared lost is found by the next recovery (I4)', async () => {
  const id = await putJob(client, { state: 'enqueued' });
  expect(await race(url, [claim, recover])).toMatchObject({ first: [id], second: [], waited: false });
  expect(await stateOfServer(client, serverId)).toBe('lost');
  expect(await recover(database)).toEqual([id]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued', attempt: 2 });
});

test('what a server claims while it is being declared lost is found by the next recovery (I4)', async () => {
  const id = await putJob(client, { state: 'enqueued' });
  const { second, waited } = await race(url, [recover, claim]);
  expect({ second, waited }).toEqual({ second: [id], waited: false });
  expect(await claim(database)).toEqual([]);
  expect(await recover(database)).toEqual([id]);
});

test('a deletion that waits for a recovery deletes the enqueued job (I2)', async () => {
  const id = await running();
  const { second, waited } = await race(url, [recover, deleteJob(id)]);
  expect({ second, waited }).toEqual({ second: [id], waited: true });
  expect(await recordedPath(client, id)).toEqual([
    'processing → enqueued, attempt 1',
    'enqueued → deleted, attempt 1',
  ]);
});

test('a recovery passes by a job that is being deleted (I2)', async () => {
  const id = await running();
  const { second, waited } = await race(url, [deleteJob(id), recover]);
  expect({ second, waited }).toEqual({ second: [], waited: false });
  expect(await jobRow(client, id)).toMatchObject({ state: 'deleted', recoveries: 0 });
});

test('of a recovery and a release by the server itself, one puts the job back (I1)', async () => {
  const id = await running();
  const { first, second, waited } = await race(url, [recover, release]);
  expect({ first, second, waited }).toEqual({ first: [id], second: [], waited: false });
  expect(await recordedPath(client, id)).toEqual(['processing → enqueued, attempt 1']);
});
