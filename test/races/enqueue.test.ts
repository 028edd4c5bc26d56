import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/job/definition.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { connect, openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const serverId = await registerServer(database, { name: 'server', queues: {}, jobNames: [] });
const job = defineJob({ name: 'job' });

async function claimFrom(queue: string): Promise<readonly string[]> {
  const claim = { queue, names: ['job'], limit: 100 };
  const { claimed } = await settleAndClaim(database, serverId, { settled: [], claim });
  return claimed.map(({ id }) => id);
}

async function countIn(queue: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from firelock.jobs where queue = $1',
    [queue],
  );
  return rows[0]?.count ?? Number.NaN;
}

const many = (count: number) => Array.from({ length: count }, () => undefined);

test('no claim sees a job before the transaction that enqueued it commits (I3)', async () => {
  const firelock = openFirelock(url);
  const tx = await connect(url);
  await tx.query('begin');
  const id = await firelock.enqueue(job, undefined, { queue: 'open', tx });
  expect(await claimFrom('open')).toEqual([]);
  await tx.query('commit');
  expect(await claimFrom('open')).toEqual([id]);
});

test('a job whose transaction commits after younger ones were claimed is claimed all the same (I4)', async () => {
  const firelock = openFirelock(url);
  const tx = await connect(url);
  await tx.query('begin');
  const older = await firelock.enqueue(job, undefined, { queue: 'late', tx });
  const younger = await firelock.enqueue(job, undefined, { queue: 'late' });
  expect(await claimFrom('late')).toEqual([younger]);
  await tx.query('commit');
  expect(await claimFrom('late')).toEqual([older]);
});

test('no claim ever sees a job whose transaction is rolled back (I3)', async () => {
  const firelock = openFirelock(url);
  const tx = await connect(url);
  await tx.query('begin');
  await firelock.enqueueMany(job, many(3), { queue: 'rolled-back', tx });
  await tx.query('rollback');
  expect(await claimFrom('rolled-back')).toEqual([]);
  expect(await countIn('rolled-back')).toBe(0);
});

test('jobs do not exist when the connection of their open transaction dies (I3)', async () => {
  const firelock = openFirelock(url);
  const tx = await connect(url);
  const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
  await tx.query('begin');
  await firelock.enqueueMany(job, many(1500), { queue: 'killed', tx });
  await client.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await eventually('the connection is gone', async () => {
    const alive = await client.query('select from pg_stat_activity where pid = $1', [rows[0]?.pid]);
    return alive.rowCount === 0;
  });
  await expect(tx.query('commit')).rejects.toThrow();
  expect(await countIn('killed')).toBe(0);
});

test('jobs that need several statements exist all or not at all (I3)', async () => {
  const firelock = openFirelock(url);
  await client.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$;
    create trigger refuse before insert on firelock.jobs for each row
      when (new.queue = 'all-or-none' and new.args = '{"n": 2400}') execute function refuse();`);
  const counted = defineJob({ name: 'counted', args: z.object({ n: z.number() }) });
  const args = Array.from({ length: 2500 }, (_, n) => ({ n }));
  const refused = firelock.enqueueMany(counted, args, { queue: 'all-or-none' });
  await expect(refused).rejects.toThrow('the disk is full');
  expect(await countIn('all-or-none')).toBe(0);
  await client.query('drop function refuse cascade');
  await firelock.enqueueMany(counted, args, { queue: 'all-or-none' });
  expect(await countIn('all-or-none')).toBe(2500);
});
