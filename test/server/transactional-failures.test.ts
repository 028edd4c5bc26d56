import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DoNotRetry, RetryAfter } from '../../src/errors.js';
import type { TransactionalJobContext } from '../../src/job/context.js';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const insertEffect = 'insert into effects (job_id) values ($1)';

beforeAll(() => client.query('create table effects (job_id bigint not null)'));

async function effectsOf(id: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from effects where job_id = $1',
    [id],
  );
  return rows[0]?.count ?? Number.NaN;
}

/** A transactional job that writes an effect and then does this. */
function jobThat(name: string, then: (ctx: TransactionalJobContext) => unknown, options: object = {}) {
  return defineJob({
    name,
    transactional: true,
    retry: { attempts: 1 },
    ...options,
    handler: async (_args, ctx) => {
      await ctx.tx.query(insertEffect, [ctx.job.id]);
      return then(ctx);
    },
  });
}

test.each<[string, (ctx: TransactionalJobContext) => unknown, string]>([
  ['snoozes', (ctx) => ctx.snooze('1h'), 'scheduled'],
  ['asks to be retried later', () => Promise.reject(new RetryAfter('1h')), 'failed'],
  ['asks not to be retried', () => Promise.reject(new DoNotRetry('no')), 'dead'],
])('(I6) a transaction is rolled back when its handler %s', async (what, then, state) => {
  const firelock = openFirelock(url);
  const job = jobThat(what.replaceAll(' ', '-'), then, { retry: { attempts: 3 } });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, state as 'dead');
  expect(await effectsOf(id)).toBe(0);
});

test('a failed query that the handler swallows fails the attempt, and says what to do', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('swallows', ({ tx }) => tx.query('select 1 / 0').catch(() => 'all is well'));
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  expect((await jobInState(firelock, id, 'dead')).history.at(-1)?.error).toMatchObject({
    code: 'FIRELOCK_JOB_TRANSACTION',
    message: expect.stringContaining('savepoint'),
    cause: { message: 'division by zero', code: '22012' },
  });
  expect(await effectsOf(id)).toBe(0);
});

test('a failed query after a savepoint may be rolled back to it', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('savepoint', async ({ tx }) => {
    await tx.query('savepoint before');
    await tx.query('select 1 / 0').catch(() => tx.query('rollback to before'));
  });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'succeeded');
  expect(await effectsOf(id)).toBe(1);
});

test.each(['commit', 'rollback', 'commit; begin'])(
  "a handler that runs '%s' by itself has failed, and says why",
  async (statement) => {
    const firelock = openFirelock(url);
    const job = jobThat('own-end', ({ tx }) => tx.query(statement));
    await startServer(firelock, { jobs: [job] });
    const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
    expect(history.at(-1)?.error?.message).toMatch(/has ended its own transaction/);
  },
);

test('(I6) a constraint that fails at the commit fails the attempt with the error of Postgres', async () => {
  const firelock = openFirelock(url);
  await client.query('create table slots (n integer unique deferrable initially deferred)');
  const job = jobThat('deferred', ({ tx }) => tx.query('insert into slots values (1), (1)'));
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  expect((await jobInState(firelock, id, 'dead')).history.at(-1)?.error).toMatchObject({ code: '23505' });
  expect(await effectsOf(id)).toBe(0);
});

test('(I6) a timeout cancels the query that the handler waits for, and rolls back', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('long-query', ({ tx }) => tx.query('select pg_sleep(60)'), { timeout: '100ms' });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  const { history } = await jobInState(firelock, id, 'dead');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_JOB_TIMEOUT');
  expect(await effectsOf(id)).toBe(0);
  await eventually('nothing sleeps in Postgres', async () => {
    const { rows } = await client.query("select 1 from pg_stat_activity where query like '%pg_sleep(60)%'");
    return rows.length === 1; // this very query
  });
});

test('(I6) a handler that returns after its timeout has failed, and nothing is committed', async () => {
  const firelock = openFirelock(url);
  const job = jobThat(
    'too-late',
    async ({ signal, tx }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await expect(tx.query('select 1')).rejects.toThrow(/ran longer than its timeout/);
      return 'too late';
    },
    { timeout: '50ms' },
  );
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  const { history } = await jobInState(firelock, id, 'dead');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_JOB_TIMEOUT');
  expect(await effectsOf(id)).toBe(0);
});

test('(I6) a server that stops rolls back what is still open, and gives the job back', async () => {
  const firelock = openFirelock(url);
  let started = 0;
  const job = jobThat('stopped', async ({ signal }) => {
    started += 1;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 'told to stop';
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await eventually('it has started', () => started === 1);
  await server.stop({ grace: 0 });
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 1, attemptLimit: 2 });
  expect(await effectsOf(id)).toBe(0);
  await firelock.delete(id);
});

test('(I6) a server that stops breaks off the transaction of a handler that heeds nothing', async () => {
  const firelock = openFirelock(url);
  let context: TransactionalJobContext | undefined;
  const job = jobThat('deaf', (ctx) => {
    context = ctx;
    return new Promise(() => undefined);
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await eventually('it has started', () => context !== undefined);
  await server.stop({ grace: 0 });
  expect(server.count('job:unresponsive')).toBe(1);
  await expect(context?.tx.query('select 1')).rejects.toThrow(/server is stopping/);
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued' });
  expect(await effectsOf(id)).toBe(0);
  await firelock.delete(id);
  await firelock.close();
});

test('(I6) a connection that breaks while the handler runs fails the attempt, and ends no process', async () => {
  const firelock = openFirelock(url);
  const job = jobThat(
    'broken',
    async ({ tx, job: { attempt } }) => {
      if (attempt > 1) return;
      const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await client.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await eventually('it is gone', async () =>
        tx.query('select 1').then(
          () => false,
          () => true,
        ),
      );
    },
    { retry: { attempts: 2, delays: [0] } },
  );
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  const { history } = await jobInState(firelock, id, 'succeeded');
  expect(history.find(({ state }) => state === 'failed')?.error?.message).toMatch(
    /ECONNRESET|connection|terminat/i,
  );
  expect(await effectsOf(id)).toBe(1);
});

test('(I6) a commit whose answer is lost counts as the success that it was', async () => {
  const network = await networkTo(url);
  const direct = openFirelock(url);
  const job = jobThat('unheard', () => {
    network.loseAnswersTo('commit');
    return 'kept';
  });
  const server = await startServer(openFirelock(network.connectionString), { jobs: [job] });
  const id = await direct.enqueue(job);
  expect(await jobInState(direct, id, 'succeeded')).toMatchObject({ attempt: 1, result: 'kept' });
  network.cut();
  await eventually('it is told', () => server.count('job:succeeded') === 1);
  expect(['job:failed', 'job:dead', 'job:stale'].map((name) => server.count(name as 'job:stale'))).toEqual([
    0, 0, 0,
  ]);
  expect(await effectsOf(id)).toBe(1);
});

test('(I6) a commit that broke off and was not kept fails the attempt', async () => {
  const firelock = openFirelock(url);
  await client.query(`
    create table traps (n integer);
    create function spring() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create constraint trigger trap after insert on traps deferrable initially deferred
      for each row execute function spring();
  `);
  const job = jobThat(
    'broken-commit',
    ({ tx, job: { attempt } }) => (attempt === 1 ? tx.query('insert into traps values (1)') : undefined),
    { retry: { attempts: 2, delays: [0] } },
  );
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  const { history } = await jobInState(firelock, id, 'succeeded');
  expect(history.find(({ state }) => state === 'failed')?.error).toMatchObject({
    code: 'FIRELOCK_COMMIT_UNKNOWN',
    cause: { code: '57P01' },
  });
  expect(await effectsOf(id)).toBe(1);
  await eventually('each is told once', () => server.count('job:succeeded') === 1);
  expect(server.count('job:failed')).toBe(1);
});

test('args that no longer fit open no transaction', async () => {
  const firelock = openFirelock(url);
  const old = defineJob({ name: 'evolved', args: z.number(), retry: { attempts: 1 } });
  const job = defineJob({ name: 'evolved', args: z.string(), transactional: true, handler: () => undefined });
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(old, 1), 'dead');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_INVALID_ARGS');
});
