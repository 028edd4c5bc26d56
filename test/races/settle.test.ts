import { expect, test } from 'vitest';
import { failed, remove, type Settlement, succeeded } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { releaseOrphans } from '../../src/storage/release-attempts.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { jobRow, putJob, recordedPath } from '../job-rows.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const serverId = await registerServer(fileStorage(url), { name: 'server', queues: {}, jobNames: [] });
const success = succeeded({ result: '"done"' });
const failure = failed({ error: { name: 'Error', message: 'no' }, delayMs: 1000 });

const running = () => putJob(client, { state: 'processing', serverId });

const settle = (id: string, settlement: Settlement) => (executor: Executor) =>
  settleAndClaim(executor, serverId, {
    settled: [{ id, attempt: 1, settlement }],
    claim: { queue: 'none', names: [], limit: 0 },
  });

const deleteJob = (id: string) => (executor: Executor) =>
  applyAct(executor, remove, { ids: [id], from: remove.from });

const release = (executor: Executor) => releaseOrphans(executor, { serverId, queue: 'default', heldIds: [] });

test('an outcome that waits for a deletion changes nothing and is told so (I5)', async () => {
  const id = await running();
  const { second, waited } = await race(url, [deleteJob(id), settle(id, success)]);
  expect(waited).toBe(true);
  expect(second.stale).toEqual([{ id, attempt: 1 }]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'deleted', result: 'earlier' });
  expect(await recordedPath(client, id)).toEqual(['processing → deleted, attempt 1']);
});

test('an outcome that waits for a deletion is written when that is rolled back (I4)', async () => {
  const id = await running();
  const { second, waited } = await race(url, [deleteJob(id), settle(id, success)], 'rollback');
  expect(waited).toBe(true);
  expect(second.stale).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'succeeded', result: 'done' });
  expect(await recordedPath(client, id)).toEqual([]);
});

test('a deletion that waits for a success deletes nothing and is told so (I2)', async () => {
  const id = await running();
  const { second, waited } = await race(url, [settle(id, success), deleteJob(id)]);
  expect(waited).toBe(true);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'succeeded', result: 'done' });
  expect(await recordedPath(client, id)).toEqual([]);
});

test('a deletion that waits for a failure deletes the failed job (I2)', async () => {
  const id = await running();
  const { first, second, waited } = await race(url, [settle(id, failure), deleteJob(id)]);
  expect(waited).toBe(true);
  expect(first.stale).toEqual([]);
  expect(second.map((job) => job.id)).toEqual([id]);
  expect(await recordedPath(client, id)).toEqual([
    'processing → failed, attempt 1',
    'failed → deleted, attempt 1',
  ]);
});

test('an outcome that is written again while the first write is still open applies once (I5)', async () => {
  const id = await running();
  const { first, second, waited } = await race(url, [settle(id, failure), settle(id, failure)]);
  expect(waited).toBe(true);
  expect(first.stale).toEqual([]);
  expect(second.stale).toEqual([{ id, attempt: 1 }]);
  expect(await recordedPath(client, id)).toEqual(['processing → failed, attempt 1']);
});

test('an outcome that waits for a release of orphans changes nothing and is told so (I5)', async () => {
  const id = await running();
  const { first, second, waited } = await race(url, [release, settle(id, success)]);
  expect(waited).toBe(true);
  expect(first.map((job) => job.id)).toEqual([id]);
  expect(second.stale).toEqual([{ id, attempt: 1 }]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'enqueued', attempt: 1, attempt_limit: 4 });
});

test('a release of orphans passes by a job that is being settled (I1)', async () => {
  const id = await running();
  const { second, waited } = await race(url, [settle(id, success), release]);
  expect(waited).toBe(false);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'succeeded', attempt_limit: 3 });
});
