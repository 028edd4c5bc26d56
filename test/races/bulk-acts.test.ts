import { expect, onTestFinished, test } from 'vitest';
import { actOf } from '../../src/client/bulk-act-options.js';
import { insertBulkAct } from '../../src/storage/bulk-acts.js';
import { carryOutBatch } from '../../src/storage/bulk-batch.js';
import { endedBulkAct, openBulkActs, putMany } from '../bulk-acts.js';
import { fileConnection, fileDatabase } from '../database.js';
import { silent } from '../firelock.js';
import { searchOf } from '../search/search-of.js';

const url = await fileDatabase();
const client = await fileConnection(url);

function open() {
  const opened = openBulkActs(url, silent);
  onTestFinished(() => opened.close());
  return opened;
}

test('of processes that take over an act at once, one does, and each job is acted on once', async () => {
  const [first, second] = [open(), open()];
  await putMany(client, { name: 'shared', state: 'dead', count: 3000 });
  const request = { act: 'retry', state: 'dead', search: searchOf('name:shared'), by: 'ada' } as const;
  const id = await first.bulkActs.start(request);
  await first.bulkActs.close();
  await client.query("update firelock.bulk_acts set beat_at = now() - interval '11 s'");
  const others = [open(), open(), second];
  const taken = await Promise.all(others.map(({ bulkActs }) => bulkActs.resume(id)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await endedBulkAct(second.database, id)).toMatchObject({ applied: 3000 });
  const { rows } = await client.query('select job_id from firelock.transitions');
  expect(new Set(rows.map(({ job_id }) => job_id)).size).toBe(3000);
  expect(rows).toHaveLength(3000);
});

test('while one process is at a batch, another neither waits nor begins one', async () => {
  const [first, second] = [open(), open()];
  await putMany(client, { name: 'one at a time', state: 'dead', count: 10 });
  const facts = { act: 'retry', state: 'dead', query: 'name:"one at a time"', by: 'ada' } as const;
  const id = await insertBulkAct(first.database.kysely, {
    ...facts,
    reason: undefined,
    runAt: undefined,
    expected: undefined,
  });
  const meeting = await first.database.transaction(async (tx) => ({
    mine: await carryOutBatch(tx, { id, actOf }),
    theirs: await second.database.transaction((other) => carryOutBatch(other, { id, actOf })),
  }));
  expect(meeting.mine?.moved).toHaveLength(10);
  expect(meeting.theirs).toBeUndefined();
});

test('two acts over the same dead letters retry each of them once', async () => {
  const [first, second] = [open(), open()];
  await client.query('delete from firelock.transitions');
  await putMany(client, { name: 'twice', state: 'dead', count: 3000 });
  const request = { act: 'retry', state: 'dead', search: searchOf('name:twice'), by: 'ada' } as const;
  const ids = await Promise.all([first, second].map(({ bulkActs }) => bulkActs.start(request)));
  const ended = await Promise.all(ids.map((id) => endedBulkAct(first.database, id)));
  expect(ended.reduce((sum, { applied }) => sum + applied, 0)).toBe(3000);
  const { rows } = await client.query('select from firelock.transitions');
  expect(rows).toHaveLength(3000);
});
