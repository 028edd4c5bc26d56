import { beforeEach, expect, test } from 'vitest';
import { remove, succeeded } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { isFree, jobRow, putJob } from '../job-rows.js';
import { Contender } from './contender.js';

/**
 * Statements that take many rows and may wait for them lock them in one order, by id, so that no two of them wait for each
 * other in a circle. Seen here without a deadlock and its second of waiting: a statement that waits for the lowest id
 * must not hold a higher one.
 */

const url = await fileDatabase();
const client = await fileConnection(url);
const serverId = await registerServer(fileStorage(url), { name: 'server', queues: {}, jobNames: [] });
const LOCK_NOT_AVAILABLE = '55P03';
let low: string;
let high: string;

// The row with the lower id lies behind the others in the table, as rows do that have been written since, and Postgres knows
// that there are few, so that it reads the table from its start.
beforeEach(async () => {
  await client.query('delete from firelock.jobs');
  low = await putJob(client, { state: 'processing', serverId });
  high = await putJob(client, { state: 'processing', serverId });
  await client.query(
    `insert into firelock.jobs (name, queue, state, priority, attempt_limit, server_id, started_at, args)
     select 'job', 'other', 'processing', 2, 3, $1, now(), 'null' from generate_series(1, 200)`,
    [serverId],
  );
  await client.query('update firelock.jobs set priority = 2 where id = $1', [low]);
  await client.query('analyze firelock.jobs');
});

const deleteAll = (ids: readonly string[]) => (executor: Executor) =>
  applyAct(executor, remove, { ids, from: remove.from });

const settleAll =
  (ids: readonly string[], limit = 0) =>
  (executor: Executor) => {
    const settlement = succeeded({ result: undefined });
    const settled = ids.map((id) => ({ id, attempt: 1, settlement }));
    return settleAndClaim(executor, serverId, {
      settled,
      claim: { queue: 'default', names: ['job'], limit },
    });
  };

/** Whether the job is free while the statement waits for another connection that holds the one with the lowest id. */
async function isFreeMeanwhile(id: string, statement: (executor: Executor) => Promise<unknown>) {
  const [holder, waiting] = await Promise.all([Contender.connect(url), Contender.connect(url)]);
  await holder.hold(low);
  const done = statement(waiting);
  await eventually('it waits', () => waiting.waitsFor(holder, client));
  const answer = await isFree(client, id);
  await holder.end('commit');
  // On a slow machine a settling statement may have given up meanwhile, as it should.
  await done.catch((error: { code?: string }) => expect(error.code).toBe(LOCK_NOT_AVAILABLE));
  return answer;
}

test.each(['ascending', 'descending'])('an act over many jobs, given %s, locks them by id', async (order) => {
  const ids = order === 'ascending' ? [low, high] : [high, low];
  expect(await isFreeMeanwhile(high, deleteAll(ids))).toBe(true);
  expect(await jobRow(client, low)).toMatchObject({ state: 'deleted' });
  expect(await jobRow(client, high)).toMatchObject({ state: 'deleted' });
});

test('the settlement of many jobs locks them by id, wherever their rows lie', async () => {
  expect(await isFreeMeanwhile(high, settleAll([high, low]))).toBe(true);
});

// A claim comes before the settlements of its call, so the call holds what it has claimed while it waits for another row.
test('who deletes jobs that a waiting server has claimed is no victim of a deadlock: the server gives up first', async () => {
  const next = await putJob(client, { state: 'enqueued' });
  const [holder, server] = await Promise.all([Contender.connect(url), Contender.connect(url)]);
  await holder.hold(low);
  const settled = expect(settleAll([low], 1)(server)).rejects.toMatchObject({ code: LOCK_NOT_AVAILABLE });
  await eventually('the server waits', () => server.waitsFor(holder, client));
  expect(await deleteAll([low, next])(holder)).toHaveLength(2);
  await holder.end('commit');
  await settled;
  expect(await jobRow(client, low)).toMatchObject({ state: 'deleted' });
  expect(await jobRow(client, next)).toMatchObject({ state: 'deleted' });
});
