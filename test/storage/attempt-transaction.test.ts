import { expect, onTestFinished, test } from 'vitest';
import { CommitUnknownError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { transactionName } from '../../src/storage/application-name.js';
import { JobTransactions } from '../../src/storage/job-transactions.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const job = defineJob({ name: 'job' });

async function claimedJob() {
  const id = await openFirelock(url).enqueue(job, undefined, { queue: 'claimed' });
  const serverId = await registerServer(database, { name: 'own', queues: {}, jobNames: [] });
  await settleAndClaim(database, serverId, {
    settled: [],
    claim: { queue: 'claimed', names: ['job'], limit: 1 },
  });
  return { id, attempt: 1, serverId };
}

test('(I4, I6) a process that freezes between settling and committing loses its transaction after 5 s, not its job', async () => {
  const key = await claimedJob();
  const transaction = await new JobTransactions(database, 1).begin(key);
  expect(await transaction.settle('"done"')).toBe(true);
  // The row is free again when Postgres has ended the transaction.
  await client.query('select from firelock.jobs where id = $1 for update', [key.id]);
  await expect(transaction.commit()).rejects.toThrow(CommitUnknownError);
  expect(await openFirelock(url).getJob(key.id)).toMatchObject({ state: 'processing', result: undefined });
});

test('(I5, I6) the success is written for exactly this job, server and attempt', async () => {
  const key = await claimedJob();
  const transactions = new JobTransactions(database, 1);
  for (const other of [
    { ...key, attempt: 2 },
    { ...key, serverId: '99999' },
  ]) {
    const transaction = await transactions.begin(other);
    expect(await transaction.settle(undefined)).toBe(false);
    await transaction.rollback();
  }
  const transaction = await transactions.begin(key);
  expect(await transaction.settle(undefined)).toBe(true);
  await transaction.commit();
  const again = await transactions.begin(key);
  expect(await again.settle(undefined)).toBe(false);
  await again.rollback();
  expect(await openFirelock(url).getJob(key.id)).toMatchObject({ state: 'succeeded' });
});

test('an attempt waits for a free connection for as long as it takes', async () => {
  const transactions = new JobTransactions(database, 2);
  const key = { id: '1', attempt: 1, serverId: '1' };
  const [first, second] = [await transactions.begin(key), await transactions.begin(key)];
  let isOpen = false;
  const third = transactions.begin(key).finally(() => (isOpen = true));
  onTestFinished(async () => (await third).destroy());
  expect((await first.tx.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(isOpen).toBe(false);
  second.destroy();
  await third;
  await first.rollback();
  await eventually('no more than one is open', async () => {
    const { rows } = await client.query('select 1 from pg_stat_activity where application_name = $1', [
      transactionName('firelock', '1'),
    ]);
    return rows.length === 1;
  });
});

test('the name of a transaction tells schema and server within the 63 bytes that Postgres keeps', () => {
  expect(transactionName('firelock', '7')).toBe('firelock:firelock:7');
  const names = ['a', 'b'].map((end) => transactionName('s'.repeat(47) + end, '9223372036854775807'));
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    expect(name).toMatch(/^firelock:s+~[0-9a-f]{8}:9223372036854775807$/);
    expect(name.length).toBeLessThanOrEqual(63);
  }
});
