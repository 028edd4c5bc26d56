import { expect, test } from 'vitest';
import type { State } from '../../src/job/state.js';
import { remove, reschedule, succeeded } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { jobRow, putJob, recordedPath } from '../job-rows.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const one = await registerServer(database, { name: 'one', queues: {}, jobNames: [] });
const other = await registerServer(database, { name: 'other', queues: {}, jobNames: [] });

const ready = (queue: string) => putJob(client, { state: 'enqueued', queue, attempt: 0 });

const claim =
  (queue: string, { serverId = one, limit = 5 } = {}) =>
  async (executor: Executor) => {
    const wanted = { queue, names: ['job'], limit };
    const { claimed } = await settleAndClaim(executor, serverId, { settled: [], claim: wanted });
    return claimed.map(({ id, attempt }) => ({ id, attempt }));
  };

const deleteJob =
  (id: string, from: readonly State[] = remove.from) =>
  (executor: Executor) =>
    applyAct(executor, remove, { ids: [id], from });

const postpone = (id: string) => (executor: Executor) =>
  applyAct(executor, reschedule, { ids: [id], from: reschedule.from, delayMs: 3_600_000 });

test('a claim takes what another claim under way has left, and waits for nothing (I1)', async () => {
  const ids = [await ready('shared'), await ready('shared'), await ready('shared')];
  const { first, second, waited } = await race(url, [
    claim('shared', { limit: 2 }),
    claim('shared', { serverId: other }),
  ]);
  expect(waited).toBe(false);
  expect([...first, ...second]).toEqual(ids.map((id) => ({ id, attempt: 1 })));
  const owners: unknown[] = [];
  for (const id of ids) owners.push((await jobRow(client, id))?.server_id);
  expect(owners).toEqual([one, one, other].map(Number));
});

test('a claim that is rolled back leaves its jobs to the next, as the same attempt (I4)', async () => {
  const id = await ready('rolled-back');
  const { second } = await race(
    url,
    [claim('rolled-back'), claim('rolled-back', { serverId: other })],
    'rollback',
  );
  expect(second).toEqual([]);
  expect(await claim('rolled-back', { serverId: other })(database)).toEqual([{ id, attempt: 1 }]);
});

test('a claim passes by a job that is being deleted (I2)', async () => {
  const id = await ready('being-deleted');
  const { second, waited } = await race(url, [deleteJob(id), claim('being-deleted')]);
  expect(waited).toBe(false);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'deleted', attempt: 0, server_id: 1 });
});

test('a deletion that waits for a claim takes the job from the attempt, which is told so (I5)', async () => {
  const id = await ready('just-claimed');
  const { second, waited } = await race(url, [claim('just-claimed'), deleteJob(id)]);
  expect(waited).toBe(true);
  expect(second.map((job) => job.id)).toEqual([id]);
  expect(await recordedPath(client, id)).toEqual(['processing → deleted, attempt 1']);
  const settled = [{ id, attempt: 1, settlement: succeeded({ result: undefined }) }];
  const answer = await settleAndClaim(database, one, {
    settled,
    claim: { queue: 'none', names: [], limit: 0 },
  });
  expect(answer.stale).toEqual([{ id, attempt: 1 }]);
});

test('a deletion of a job only while it is enqueued changes nothing after a claim (I2)', async () => {
  const id = await ready('only-enqueued');
  const { second, waited } = await race(url, [claim('only-enqueued'), deleteJob(id, ['enqueued'])]);
  expect(waited).toBe(true);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'processing', attempt: 1 });
  expect(await recordedPath(client, id)).toEqual([]);
});

test('a claim passes by a job that is being rescheduled (I2)', async () => {
  const id = await ready('being-postponed');
  const { second, waited } = await race(url, [postpone(id), claim('being-postponed')]);
  expect(waited).toBe(false);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'scheduled', attempt: 0 });
});

test('a reschedule that waits for a claim changes nothing and is told so (I2)', async () => {
  const id = await ready('claimed-first');
  const { second, waited } = await race(url, [claim('claimed-first'), postpone(id)]);
  expect(waited).toBe(true);
  expect(second).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'processing', attempt: 1 });
  expect(await recordedPath(client, id)).toEqual([]);
});
