import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DoNotRetry } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const fail = (code: string) => `do $$ begin raise exception 'met another' using errcode = '${code}'; end $$`;

beforeAll(() =>
  client.query(`
    create table accounts (id integer primary key, balance integer not null);
    insert into accounts select n, 100 from generate_series(1, 4) as n;
    create table conflicts (n integer);
    create function conflict() returns trigger language plpgsql as
      $$ begin raise exception 'met another at the commit' using errcode = '40001'; end $$;
    create constraint trigger conflict after insert on conflicts deferrable initially deferred
      for each row execute function conflict();
  `),
);

test('(I6) of two handlers that deadlock one runs again in the same attempt, and both take effect once', async () => {
  const firelock = openFirelock(url);
  let runs = 0;
  let locked = 0;
  const transfer = defineJob({
    name: 'transfer',
    transactional: true,
    args: z.object({ from: z.number(), to: z.number() }),
    retry: { attempts: 1 },
    handler: async ({ from, to }, { tx }) => {
      runs += 1;
      await tx.query('update accounts set balance = balance - 1 where id = $1', [from]);
      locked += 1;
      await eventually('both hold a lock', () => locked >= 2);
      await tx.query('update accounts set balance = balance + 1 where id = $1', [to]);
    },
  });
  await startServer(firelock, { jobs: [transfer] });
  const ids = await firelock.enqueueMany(transfer, [
    { from: 1, to: 2 },
    { from: 2, to: 1 },
  ]);
  for (const id of ids) expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ attempt: 1 });
  expect(runs).toBe(3);
  const { rows } = await client.query('select balance from accounts where id in (1, 2)');
  expect(rows).toEqual([{ balance: 100 }, { balance: 100 }]);
});

test('(I6) serializable handlers that read what the others write lose no update', async () => {
  const firelock = openFirelock(url);
  let readers = 0;
  const add = defineJob({
    name: 'add',
    transactional: true,
    retry: { attempts: 1 },
    handler: async (_args, { tx }) => {
      await tx.query('set transaction isolation level serializable');
      const { rows } = await tx.query<{ balance: number }>('select balance from accounts where id = 3');
      readers += 1;
      await eventually('all have read', () => readers >= 3);
      await tx.query('update accounts set balance = $1 where id = 3', [(rows[0]?.balance ?? 0) + 1]);
    },
  });
  await startServer(firelock, { jobs: [add] });
  const ids = await firelock.enqueueMany(add, [undefined, undefined, undefined]);
  for (const id of ids) expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ attempt: 1 });
  const { rows } = await client.query('select balance from accounts where id = 3');
  expect(rows).toEqual([{ balance: 103 }]);
});

test('a conflict that shows only at the commit runs the handler again, with its args as they were', async () => {
  const firelock = openFirelock(url);
  let runs = 0;
  const job = defineJob({
    name: 'at-commit',
    transactional: true,
    args: z.any(),
    retry: { attempts: 1 },
    handler: async (args: { list: number[] }, { tx }) => {
      runs += 1;
      if (runs === 1) await tx.query('insert into conflicts values (1)');
      return { runs, next: args.list.pop() };
    },
  });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job, { list: [1, 2] });
  const result = { runs: 2, next: 2 };
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ attempt: 1, result });
});

test.each(['40001', '40P01'])(
  'after five runs more, a conflict (%s) is a failure like any other',
  async (code) => {
    const firelock = openFirelock(url);
    let runs = 0;
    const job = defineJob({
      name: 'hopeless',
      transactional: true,
      retry: { attempts: 1 },
      handler: (_args, { tx }) => {
        runs += 1;
        // One that is swallowed, or wrapped in an error of the handler's own, is a conflict all the same.
        return runs % 2 === 0 ? tx.query(fail(code)) : tx.query(fail(code)).catch(() => undefined);
      },
    });
    await startServer(firelock, { jobs: [job] });
    const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
    expect(history.at(-1)?.error).toMatchObject({ message: 'met another', code });
    expect(runs).toBe(6);
  },
);

test.each<[string, string, unknown]>([
  ['an error of its own that is no conflict', '23505', new Error('not a conflict')],
  ['DoNotRetry after a conflict', '40001', new DoNotRetry('enough')],
])('a handler that throws %s does not run again', async (_what, code, thrown) => {
  const firelock = openFirelock(url);
  let runs = 0;
  const job = defineJob({
    name: 'no-rerun',
    transactional: true,
    retry: { attempts: 1 },
    handler: async (_args, { tx }) => {
      runs += 1;
      await tx.query(fail(code)).catch(() => undefined);
      throw thrown;
    },
  });
  await startServer(firelock, { jobs: [job] });
  await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(runs).toBe(1);
});

test('a timeout ends the runs of a handler that only meets conflicts', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({
    name: 'slow-conflicts',
    transactional: true,
    timeout: '150ms',
    retry: { attempts: 1 },
    handler: async (_args, { tx }) => {
      await tx.query('select pg_sleep(0.1)');
      await tx.query(fail('40001'));
    },
  });
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_JOB_TIMEOUT');
});
