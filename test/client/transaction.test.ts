import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { UnsupportedTransactionError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { fileDatabase } from '../database.js';
import { connect, jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const ping = defineJob({ name: 'ping', handler: () => 'pong' });

function openKysely(): Kysely<unknown> {
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
  });
  onTestFinished(() => kysely.destroy());
  return kysely;
}

test('I3: a job enqueued with a pg client exists if and only if its transaction commits', async () => {
  const firelock = openFirelock(url);
  const client = await connect(url);
  await client.query('begin');
  const id = await firelock.enqueue(ping, undefined, { tx: client });
  const many = await firelock.enqueueMany(ping, [undefined, undefined], { tx: client });
  const later = await firelock.schedule(ping, undefined, '1h', { tx: client });
  const ids = [id, ...many, later];
  expect(await Promise.all(ids.map((each) => firelock.getJob(each)))).toEqual(ids.map(() => undefined));
  await client.query('rollback');
  expect(await firelock.getJob(id)).toBeUndefined();

  await client.query('begin');
  const kept = await firelock.enqueue(ping, undefined, { tx: client });
  await client.query('commit');
  expect(await firelock.getJob(kept)).toMatchObject({ state: 'enqueued' });
});

test('I3: a job enqueued with a Kysely transaction exists if and only if it commits', async () => {
  const firelock = openFirelock(url);
  const kysely = openKysely();
  const id = await kysely.transaction().execute((tx) => firelock.enqueue(ping, undefined, { tx }));
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued' });
  let lost = '';
  const failure = kysely.transaction().execute(async (tx) => {
    lost = await firelock.enqueue(ping, undefined, { tx });
    throw new Error('rolled back');
  });
  await expect(failure).rejects.toThrow('rolled back');
  expect(await firelock.getJob(lost)).toBeUndefined();
});

test('a refused enqueue leaves the transaction usable', async () => {
  const firelock = openFirelock(url);
  const client = await connect(url);
  await client.query('begin');
  await expect(firelock.enqueue(ping, { a: 1 } as never, { tx: client })).rejects.toThrow(/takes no args/);
  const id = await firelock.enqueue(ping, undefined, { tx: client });
  await client.query('commit');
  expect(await firelock.getJob(id)).toBeDefined();
});

test('a commit wakes an idle server, and nothing runs before it', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [ping], queues: { quick: 1 } });
  const client = await connect(url);
  await client.query('begin');
  const id = await firelock.enqueue(ping, undefined, { tx: client, queue: 'quick' });
  const other = await firelock.enqueue(ping, undefined, { queue: 'quick' });
  await jobInState(firelock, other, 'succeeded');
  expect(await firelock.getJob(id)).toBeUndefined();
  await client.query('commit');
  await jobInState(firelock, id, 'succeeded');
});

test('acts take part in a transaction as well', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.schedule(ping, undefined, '1h');
  const client = await connect(url);
  await client.query('begin');
  expect(await firelock.delete(id, { tx: client })).toBe(true);
  await client.query('rollback');
  expect(await firelock.getJob(id)).toMatchObject({ state: 'scheduled' });
});

test('what is not an open transaction is refused with what to pass instead', async () => {
  const firelock = openFirelock(url);
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  for (const [tx, advice] of [
    [pool, /pool\.connect\(\)/],
    [openKysely(), /outside a transaction/],
    [{}, /neither a pg client nor a Kysely/],
    ['begin', /expected a transaction/],
  ] as const) {
    const refusal = firelock.enqueue(ping, undefined, { tx: tx as never });
    await expect(refusal).rejects.toThrow(UnsupportedTransactionError);
    await expect(refusal).rejects.toThrow(advice);
  }
});
