import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import type { FirelockOptions } from '../../src/options.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, silent, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);

beforeAll(() => client.query('create table effects (job_id bigint not null, note text)'));

async function effectsOf(id: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from effects where job_id = $1',
    [id],
  );
  return rows[0]?.count ?? Number.NaN;
}

const insertEffect = 'insert into effects (job_id) values ($1)';

test('(I6) what the handler writes with ctx.tx is committed together with the success, not before', async () => {
  const firelock = openFirelock(url);
  let finish: () => void = () => undefined;
  let written = 0;
  const job = defineJob({
    name: 'together',
    transactional: true,
    handler: async (_args, { tx, job: { id } }) => {
      const { rowCount } = await tx.query(insertEffect, [id]);
      written = rowCount ?? 0;
      await new Promise<void>((resolve) => (finish = resolve));
      return { written };
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await eventually('it has written', () => written === 1);
  expect(await effectsOf(id)).toBe(0);
  expect(await firelock.getJob(id)).toMatchObject({ state: 'processing' });
  finish();
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ attempt: 1, result: { written: 1 } });
  expect(await effectsOf(id)).toBe(1);
  await eventually('it is counted', () => server.count('job:succeeded') === 1);
});

test('(I6) what a failed attempt wrote is rolled back, and the next writes it once', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({
    name: 'second-time',
    transactional: true,
    retry: { delays: [0] },
    handler: async (_args, ctx) => {
      await ctx.tx.query(insertEffect, [ctx.job.id]);
      if (ctx.job.attempt === 1) throw new Error('after writing');
    },
  });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ attempt: 2 });
  expect(await effectsOf(id)).toBe(1);
});

test('(I3) a job enqueued, and an act applied, with ctx.tx exists if and only if the attempt succeeds', async () => {
  const firelock = openFirelock(url);
  const child = defineJob({ name: 'child', queue: 'nobody' });
  const victim = await firelock.enqueue(child);
  const children: string[] = [];
  const parent = defineJob({
    name: 'parent',
    transactional: true,
    retry: { delays: [0] },
    handler: async (_args, { tx, job, firelock: context }) => {
      children.push(await context.enqueue(child, undefined, { tx }));
      await firelock.delete(victim, { tx });
      if (job.attempt === 1) throw new Error('no');
    },
  });
  await startServer(firelock, { jobs: [parent] });
  const id = await firelock.enqueue(parent);
  await jobInState(firelock, id, 'succeeded');
  const [first = '', second = ''] = children;
  expect(await firelock.getJob(first)).toBeUndefined();
  expect(await firelock.getJob(second)).toMatchObject({ state: 'enqueued' });
  expect(await firelock.getJob(victim)).toMatchObject({ state: 'deleted' });
});

test('(I5, I6) an attempt whose job was taken away rolls back and is reported as stale', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({
    name: 'taken-away',
    transactional: true,
    handler: async (_args, { tx, job: { id } }) => {
      await tx.query(insertEffect, [id]);
      await client.query('update firelock.jobs set attempt = attempt + 1 where id = $1', [id]);
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await eventually('it is reported', () => server.count('job:stale') === 1);
  expect(await effectsOf(id)).toBe(0);
  expect(await firelock.getJob(id)).toMatchObject({ state: 'processing', attempt: 2 });
  expect(server.count('job:succeeded')).toBe(0);
  await client.query('delete from firelock.jobs where id = $1', [id]);
});

test('the handler may choose the isolation level first, and its transaction bears the name of its server', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({
    name: 'settings',
    transactional: true,
    handler: async (_args, { tx }) => {
      await tx.query('set transaction isolation level serializable');
      const { rows } = await tx.query<{ level: string; name: string }>(
        "select current_setting('transaction_isolation') as level, current_setting('application_name') as name",
      );
      return rows[0];
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const { result } = await jobInState(firelock, await firelock.enqueue(job), 'succeeded');
  expect(result).toEqual({ level: 'serializable', name: `firelock:firelock:${server.id}` });
});

test('(I8) more handlers than the installation has connections hold their transactions at once', async () => {
  const firelock = openFirelock(url);
  let inside = 0;
  const job = defineJob({
    name: 'crowd',
    queue: 'crowd',
    transactional: true,
    handler: async (_args, { tx }) => {
      await tx.query('select 1');
      inside += 1;
      await eventually('all are inside', () => inside === 15);
    },
  });
  const ids = await firelock.enqueueMany(
    job,
    Array.from({ length: 15 }, () => undefined),
  );
  await startServer(firelock, { jobs: [job], queues: { crowd: 15 } });
  for (const id of ids) await jobInState(firelock, id, 'succeeded');
});

test('queries that the handler does not await run before the commit, and none after it', async () => {
  const firelock = openFirelock(url);
  let late: Promise<unknown> = Promise.resolve();
  const job = defineJob({
    name: 'unawaited',
    transactional: true,
    handler: (_args, { tx, job: { id } }) => {
      void tx.query('select pg_sleep(0.05)');
      void tx.query(insertEffect, [id]);
      late = Promise.resolve()
        .then(() => eventually('the attempt is over', async () => (await firelock.getJob(id))?.finishedAt))
        .then(() => tx.query(insertEffect, [id]));
      late.catch(() => undefined);
    },
  });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'succeeded');
  await expect(late).rejects.toThrow(/transaction of this attempt is over/);
  expect(await effectsOf(id)).toBe(1);
});

test('a job that is not transactional has no ctx.tx, and says how to get one', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({
    name: 'plain',
    retry: { attempts: 1 },
    handler: (_args, ctx) => ('tx' in ctx ? (ctx as unknown as { tx: unknown }).tx : undefined),
  });
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(history.at(-1)?.error).toMatchObject({
    code: 'FIRELOCK_JOB_TRANSACTION',
    message: expect.stringContaining("'transactional: true'"),
  });
});

const kinds: readonly [string, () => FirelockOptions][] = [
  ['a connection string', () => ({ connectionString: url })],
  [
    "the application's pool",
    () => {
      const pool = new pg.Pool({ connectionString: url, max: 2 });
      onTestFinished(() => pool.end());
      return { pool };
    },
  ],
  [
    "the application's Kysely, whatever its plugins",
    () => {
      const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) });
      const kysely = new Kysely<never>({ dialect, plugins: [new CamelCasePlugin()] });
      onTestFinished(() => kysely.destroy());
      return { kysely };
    },
  ],
];

test.each(kinds)('(I6) transactional jobs run with %s', async (_what, options) => {
  const firelock = createFirelock({ ...options(), logger: silent });
  onTestFinished(() => firelock.close());
  const transfer = defineJob({
    name: 'transfer',
    transactional: true,
    args: z.object({ note: z.string() }),
    retry: { delays: [0] },
    handler: async ({ note }, { tx, job: { id, attempt } }) => {
      await tx.query('insert into effects (job_id, note) values ($1, $2)', [id, note]);
      if (attempt === 1) throw new Error('once');
      const { rows, rowCount } = await tx.query(
        'select job_id::integer, note from effects where job_id = $1',
        [id],
      );
      return { rows, rowCount, isName: (await tx.query('show application_name')).rows };
    },
  });
  const server = await startServer(firelock, { jobs: [transfer], queues: { default: 4 } });
  const id = await firelock.enqueue(transfer, { note: 'snake_case' });
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({
    attempt: 2,
    result: {
      rows: [{ job_id: Number(id), note: 'snake_case' }],
      rowCount: 1,
      isName: [{ application_name: `firelock:firelock:${server.id}` }],
    },
  });
  expect(await effectsOf(id)).toBe(1);
});

test("close() ends the connections of transactional jobs, and leaves the application's pool open", async () => {
  const pool = new pg.Pool({ connectionString: url, application_name: 'shop' });
  onTestFinished(() => pool.end());
  const firelock = createFirelock({ pool, logger: silent });
  const job = defineJob({ name: 'closed', transactional: true, handler: () => 'done' });
  await startServer(firelock, { jobs: [job] });
  await jobInState(firelock, await firelock.enqueue(job), 'succeeded');
  await firelock.close();
  await eventually("only the pool's own are left", async () => {
    const { rows } = await pool.query("select from pg_stat_activity where application_name = 'shop'");
    return rows.length === pool.totalCount;
  });
});
