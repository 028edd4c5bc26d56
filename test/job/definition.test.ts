import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { InvalidOptionsError } from '../../src/errors.js';
import type { JobClient, JobContext, TransactionalJobContext } from '../../src/job/context.js';
import { type AnyJobDefinition, defineJob } from '../../src/job/definition.js';
import type { Transaction } from '../../src/job/transaction.js';

const schema = z.object({ to: z.string(), copies: z.coerce.number().default(1) });

test('a definition carries its defaults and cannot be changed', () => {
  const job = defineJob({ name: 'send', args: schema });
  expect(job).toMatchObject({ name: 'send', queue: 'default', priority: 'normal', timeoutMs: undefined });
  expect(Object.isFrozen(job)).toBe(true);
});

test.each([
  [{}, /name: /],
  [{ name: '' }, /name: expected 1 to 128 letters/],
  [{ name: 'white space' }, /name: /],
  [{ name: 'x'.repeat(129) }, /name: /],
  [{ name: 'job', queue: 'no\0pe' }, /queue: /],
  [{ name: 'job', args: { not: 'a schema' } }, /args: expected a Standard Schema/],
  [{ name: 'job', handler: 'nothing to call' }, /handler: expected a function/],
  [{ name: 'job', timeout: '30' }, /timeout: Invalid duration '30'/],
  [{ name: 'job', timeout: '30 days' }, /timeout: expected more than 0 and less than 24 days/],
  [{ name: 'job', transactional: 'yes' }, /transactional: /],
  [{ name: 'job', prioritty: 'high' }, /prioritty: unknown option; did you mean 'priority'\?/],
])('defineJob refuses %j', (options, message) => {
  expect(() => defineJob(options as never)).toThrow(InvalidOptionsError);
  expect(() => defineJob(options as never)).toThrow(message);
});

test('a schema of any library that follows Standard Schema is accepted', () => {
  const even = {
    '~standard': {
      version: 1,
      vendor: 'own',
      validate: (value: unknown) =>
        Number(value) % 2 === 0 ? { value: Number(value) } : { issues: [{ message: 'odd' }] },
    },
  } as const;
  expect(defineJob({ name: 'even', args: even }).schema).toBe(even);
});

test('types: the handler sees what the schema makes, callers give what it takes', () => {
  const job = defineJob({
    name: 'send',
    args: schema,
    handler: (args, context) => {
      expectTypeOf(args).toEqualTypeOf<{ to: string; copies: number }>();
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
      return args.copies;
    },
  });
  const bare = defineJob({ name: 'bare', handler: () => undefined });
  const contract = defineJob({ name: 'contract', args: schema });
  const calls = (client: JobClient) => [
    () => client.enqueue(job, { to: 'ada' }),
    () => client.enqueue(job, { to: 'ada', copies: '2' }, { queue: 'mail' }),
    () => client.enqueue(bare),
    () => client.enqueue(bare, {}),
    () => client.schedule(bare, {}, '5m'),
    () => client.enqueue(bare, undefined, { delay: '5m' }),
    () => client.schedule(contract, { to: 'ada' }, '5m'),
    // @ts-expect-error: `to` is missing
    () => client.enqueue(job, {}),
    // @ts-expect-error: args are required
    () => client.enqueue(job),
    // @ts-expect-error: `too` is not known
    () => client.enqueue(job, { to: 'ada', too: 1 }),
    // @ts-expect-error: it takes no args
    () => client.enqueue(bare, { to: 'ada' }),
    // @ts-expect-error: `quue` is not an option
    () => client.enqueue(job, { to: 'ada' }, { quue: 'mail' }),
    // @ts-expect-error: each of the args must fit
    () => client.enqueueMany(job, [{ to: 'ada' }, {}]),
  ];
  const runnable: readonly AnyJobDefinition[] = [job, bare, contract.withHandler(({ copies }) => copies)];
  // @ts-expect-error: a contract has no handler
  const notRunnable: AnyJobDefinition = contract;
  expect([calls, runnable, notRunnable]).toHaveLength(3);
});

test('types: only the handler of a transactional job has a ctx.tx, which may be given as tx', () => {
  const plain = defineJob({
    name: 'plain',
    handler: (_args, context) => {
      expectTypeOf(context).toEqualTypeOf<JobContext>();
      // @ts-expect-error: it is not transactional
      return context.tx;
    },
  });
  const transactional = defineJob({
    name: 'transactional',
    args: schema,
    transactional: true,
    handler: async ({ to }, context) => {
      expectTypeOf(context).toEqualTypeOf<TransactionalJobContext>();
      expectTypeOf(context.tx).toExtend<Transaction>();
      expectTypeOf(context.snooze).returns.toBeNever();
      const { rows, rowCount } = await context.tx.query<{ n: number }>('select $1 as n', [to]);
      expectTypeOf(rows).toEqualTypeOf<{ n: number }[]>();
      expectTypeOf(rowCount).toEqualTypeOf<number | null>();
    },
  });
  const contract = defineJob({ name: 'contract', transactional: true });
  const handled = contract.withHandler((_args, { tx }) => tx.query('select 1'));
  const explicit = defineJob({
    name: 'explicit',
    transactional: false,
    // @ts-expect-error: it says that it is not transactional
    handler: (_args, context) => context.tx,
  });
  const all: readonly AnyJobDefinition[] = [plain, transactional, handled, explicit];
  expect(all.map((job) => job.transactional)).toEqual([false, true, true, false]);
});
