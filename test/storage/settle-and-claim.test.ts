import { beforeAll, expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { released, succeeded } from '../../src/job/transition.js';
import { type SettledAttempt, settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { registerServer } from '../../src/storage/servers.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const job = defineJob({ name: 'job' });
const nothing = { queue: 'none', names: [], limit: 0 };

// Ten servers: their ids are 1 to 10.
beforeAll(async () => {
  for (let n = 0; n < 10; n += 1)
    await registerServer(database, { name: `server ${n}`, queues: {}, jobNames: [] });
});

async function place(queue: string, count: number): Promise<readonly string[]> {
  return openFirelock(url).enqueueMany(
    job,
    Array.from({ length: count }, () => undefined),
    { queue },
  );
}

function claimFrom(queue: string, limit: number, serverId = '1') {
  return settleAndClaim(database, serverId, {
    settled: [],
    claim: { queue, names: ['job'], limit },
  });
}

function settle(serverId: string, ...settled: SettledAttempt[]) {
  return settleAndClaim(database, serverId, { settled, claim: nothing });
}

test('I1: two servers that claim at once never get the same job', async () => {
  const ids = await place('contended', 300);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, server) => claimFrom('contended', 50, String(server + 1))),
  );
  const claimed = answers.flatMap((answer) => answer.claimed.map(({ id }) => id));
  expect(claimed.toSorted()).toEqual([...ids].toSorted());
});

test('I1: a row that another connection has locked is passed over, not waited for', async () => {
  const [first, second] = await place('locked', 2);
  await client.query('begin');
  await client.query('select 1 from firelock.jobs where id = $1 for update', [first]);
  const { claimed } = await claimFrom('locked', 2);
  await client.query('rollback');
  expect(claimed.map(({ id }) => id)).toEqual([second]);
});

test('a claim brings no more than its limit, the oldest first', async () => {
  const ids = await place('limited', 5);
  const { claimed } = await claimFrom('limited', 3);
  expect(claimed.map(({ id }) => id)).toEqual(ids.slice(0, 3));
  expect(claimed[0]).toMatchObject({ name: 'job', attempt: 1, attemptLimit: 10, args: null });
});

test('a server that was declared lost claims nothing', async () => {
  const [id] = await place('after-loss', 1);
  const lost = await registerServer(database, { name: 'lost', queues: {}, jobNames: [] });
  await client.query("update firelock.servers set state = 'lost', stopped_at = now() where id = $1", [lost]);
  expect((await claimFrom('after-loss', 1, lost)).claimed).toEqual([]);
  expect((await claimFrom('after-loss', 1)).claimed.map((job) => job.id)).toEqual([id]);
});

test('a claim leaves out a job that has crashed with its server twice', async () => {
  await putJob(client, { state: 'enqueued', queue: 'suspects', recoveries: 2 });
  const id = await putJob(client, { state: 'enqueued', queue: 'suspects', recoveries: 1 });
  expect((await claimFrom('suspects', 5)).claimed.map((job) => job.id)).toEqual([id]);
});

test('I5: a settlement by another server, or of another attempt, changes nothing and is told so', async () => {
  const [id = ''] = await place('fenced', 1);
  await claimFrom('fenced', 1, '7');
  const settlement = succeeded({ result: '"done"' });
  expect((await settle('8', { id, attempt: 1, settlement })).stale).toEqual([{ id, attempt: 1 }]);
  expect((await settle('7', { id, attempt: 2, settlement })).stale).toEqual([{ id, attempt: 2 }]);
  expect((await settle('7', { id, attempt: 1, settlement })).stale).toEqual([]);
  expect((await settle('7', { id, attempt: 1, settlement: released() })).stale).toEqual([{ id, attempt: 1 }]);
  expect(await openFirelock(url).getJob(id)).toMatchObject({ state: 'succeeded', result: 'done' });
});

test('one statement settles what ended and claims what is next', async () => {
  const [first = '', second = ''] = await place('both', 2);
  await claimFrom('both', 1, '9');
  const settled = [{ id: first, attempt: 1, settlement: succeeded({ result: undefined }) }];
  const claim = { queue: 'both', names: ['job'], limit: 5 };
  const answer = await settleAndClaim(database, '9', { settled, claim });
  expect(answer.claimed.map(({ id }) => id)).toEqual([second]);
  expect(answer.stale).toEqual([]);
});

test('settlements of the same jobs in opposite orders do not deadlock', async () => {
  const ids = await place('ordered', 200);
  await claimFrom('ordered', 200, '5');
  const settled = ids.map((id) => ({ id, attempt: 1, settlement: succeeded({ result: undefined }) }));
  const answers = await Promise.all([settle('5', ...settled), settle('5', ...settled.toReversed())]);
  expect(new Set(answers.map(({ stale }) => stale.length))).toEqual(new Set([0, 200]));
});
