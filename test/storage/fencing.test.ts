import { expect, test } from 'vitest';
import { dead, failed, released, type Settlement, snoozed, succeeded } from '../../src/job/transition.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { jobRow, putJob, recordedPath, rowVersion } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const [server, other] = [await register('server'), await register('other')];
const error = { name: 'Error', message: 'no' };

const settlements: readonly Settlement[] = [
  succeeded({ result: '"late"' }),
  failed({ error, delayMs: 1000 }),
  dead({ error }),
  released(),
  snoozed({ delayMs: 1000 }),
];

/** What may have become of a job whose attempt 2 the server still runs. */
const strayed = [
  { of: 'a job that another server runs', serverId: other, attempt: 2 },
  { of: 'a job that another server runs as the next attempt', serverId: other, attempt: 3 },
  { of: 'a job that the same server runs again as the next attempt', serverId: server, attempt: 3 },
  // As if a number had been given twice.
  { of: 'a job whose attempt is yet to come', serverId: server, attempt: 1 },
];

function register(name: string): Promise<string> {
  return registerServer(database, { name, queues: {}, jobNames: [] });
}

function settle(...settled: { id: string; attempt: number; settlement: Settlement }[]) {
  return settleAndClaim(database, server, { settled, claim: { queue: 'none', names: [], limit: 0 } });
}

for (const { of: job, serverId, attempt } of strayed) {
  test(`no outcome changes ${job}, and the late writer is told so (I5)`, async () => {
    const id = await putJob(client, { state: 'processing', serverId, attempt });
    const before = await rowVersion(client, id);
    for (const settlement of settlements) {
      expect((await settle({ id, attempt: 2, settlement })).stale, settlement.state).toEqual([
        { id, attempt: 2 },
      ]);
      expect(await rowVersion(client, id), settlement.state).toEqual(before);
      expect(await recordedPath(client, id)).toEqual([]);
    }
  });
}

test('the outcome of a job that is gone is told to be late (I5)', async () => {
  const id = await putJob(client, { state: 'processing', serverId: server });
  await client.query('delete from firelock.jobs where id = $1', [id]);
  for (const settlement of settlements)
    expect((await settle({ id, attempt: 1, settlement })).stale, settlement.state).toEqual([
      { id, attempt: 1 },
    ]);
  expect(await recordedPath(client, id)).toEqual([]);
});

test('a late outcome among others keeps none of them from being written (I5)', async () => {
  const mine = await putJob(client, { state: 'processing', serverId: server });
  const lost = await putJob(client, { state: 'processing', serverId: other });
  const also = await putJob(client, { state: 'processing', serverId: server });
  const settlement = succeeded({ result: undefined });
  const { stale } = await settle(...[mine, lost, also].map((id) => ({ id, attempt: 1, settlement })));
  expect(stale).toEqual([{ id: lost, attempt: 1 }]);
  expect(await jobRow(client, mine)).toMatchObject({ state: 'succeeded' });
  expect(await jobRow(client, lost)).toMatchObject({ state: 'processing' });
  expect(await jobRow(client, also)).toMatchObject({ state: 'succeeded' });
});

// A job that was deleted while it ran and put back may be claimed by the same server while its first attempt still runs.
test('of two attempts of one job that end together only the later is written (I5)', async () => {
  const id = await putJob(client, { state: 'processing', serverId: server, attempt: 2 });
  await settle(
    { id, attempt: 1, settlement: dead({ error }) },
    { id, attempt: 2, settlement: succeeded({ result: '"second"' }) },
  );
  expect(await jobRow(client, id)).toMatchObject({ state: 'succeeded', result: 'second' });
  expect(await recordedPath(client, id)).toEqual([]);
});

test('of two attempts of one job that end together the earlier is told that it is late (I5)', async () => {
  const id = await putJob(client, { state: 'processing', serverId: server, attempt: 2 });
  const { stale } = await settle(
    { id, attempt: 1, settlement: dead({ error }) },
    { id, attempt: 2, settlement: succeeded({ result: undefined }) },
  );
  expect(stale).toEqual([{ id, attempt: 1 }]);
});
