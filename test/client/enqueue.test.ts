import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  InvalidArgsError,
  InvalidDurationError,
  InvalidOptionsError,
  MigrationRequiredError,
  UnstorableValueError,
} from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const greet = defineJob({
  name: 'greet',
  args: z.object({ name: z.string(), loud: z.boolean().default(false) }),
  queue: 'mail',
  priority: 'high',
  retry: { attempts: 4 },
});
const ping = defineJob({ name: 'ping' });

async function countJobs(): Promise<number> {
  const { rows } = await client.query<{ count: string }>('select count(*) from firelock.jobs');
  return Number(rows[0]?.count);
}

test('enqueue answers the id of a job that is enqueued as its definition says', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(greet, { name: 'Ada' });
  expect(id).toMatch(/^\d+$/);
  expect(await firelock.getJob(id)).toMatchObject({
    id,
    name: 'greet',
    queue: 'mail',
    priority: 'high',
    state: 'enqueued',
    args: { name: 'Ada' },
    attempt: 0,
    attemptLimit: 4,
    history: [{ state: 'enqueued' }],
  });
});

test('a call may say queue, priority, delay and retries differently from the definition', async () => {
  const firelock = openFirelock(url);
  const options = {
    queue: 'bulk',
    priority: 'low',
    delay: '1h',
    retry: { attempts: 2, delays: ['5s'] },
  } as const;
  const job = await firelock.getJob(await firelock.enqueue(greet, { name: 'Ada' }, options));
  expect(job).toMatchObject({ queue: 'bulk', priority: 'low', state: 'scheduled', attemptLimit: 2 });
  expect(Math.round((Number(job?.runAt) - Number(job?.createdAt)) / 1000)).toBe(3600);
});

test('a job without args is enqueued without any, or with {}', async () => {
  const firelock = openFirelock(url);
  expect(await firelock.enqueue(ping, {})).toMatch(/^\d+$/);
  expect(await firelock.getJob(await firelock.enqueue(ping))).toMatchObject({ args: null });
  // A caller without types may pass some: they would never be read.
  await expect(firelock.enqueue(ping, { a: 1 } as never)).rejects.toThrow(InvalidArgsError);
});

test('enqueueMany answers as many ids, in the order of the args, over several statements', async () => {
  const firelock = openFirelock(url);
  const ids = await firelock.enqueueMany(
    greet,
    Array.from({ length: 2500 }, (_, n) => ({ name: `n${n}` })),
  );
  expect(ids).toHaveLength(2500);
  for (const n of [0, 999, 1000, 2499]) {
    expect(await firelock.getJob(ids[n] ?? '')).toMatchObject({ args: { name: `n${n}` } });
  }
  expect(await firelock.enqueueMany(greet, [])).toEqual([]);
});

test('concurrent calls each answer with the id of their own job', async () => {
  const firelock = openFirelock(url);
  const ids = await Promise.all(
    Array.from({ length: 500 }, (_, n) =>
      firelock.enqueue(greet, { name: `c${n}` }, n % 2 ? { queue: 'odd' } : {}),
    ),
  );
  expect(new Set(ids).size).toBe(500);
  for (const n of [0, 1, 250, 499]) {
    const expected = { args: { name: `c${n}` }, queue: n % 2 ? 'odd' : 'mail' };
    expect(await firelock.getJob(ids[n] ?? '')).toMatchObject(expected);
  }
});

test('schedule takes a duration or an instant, and one that is past is enqueued at once', async () => {
  const firelock = openFirelock(url);
  const tomorrow = new Date(Date.now() + 86_400_000);
  const job = await firelock.getJob(await firelock.schedule(ping, undefined, tomorrow));
  expect(job).toMatchObject({ state: 'scheduled', runAt: tomorrow, scheduledFor: tomorrow });
  expect(await firelock.getJob(await firelock.schedule(ping, undefined, '5m'))).toMatchObject({
    state: 'scheduled',
  });
  const past = await firelock.schedule(ping, undefined, new Date('2001-01-01'));
  expect(await firelock.getJob(past)).toMatchObject({ state: 'enqueued', runAt: undefined });
});

test.each([
  ['a NUL character', 'a\0b', 'args.name'],
  ['a lone surrogate', 'a\ud800', 'args.name'],
])('args with %s are refused before anything is written', async (_what, name, path) => {
  const firelock = openFirelock(url);
  const before = await countJobs();
  const refusal = firelock.enqueue(greet, { name });
  await expect(refusal).rejects.toThrow(UnstorableValueError);
  await expect(refusal).rejects.toMatchObject({ path });
  await expect(firelock.enqueueMany(greet, [{ name: 'fine' }, { name }])).rejects.toThrow(
    UnstorableValueError,
  );
  expect(await countJobs()).toBe(before);
});

test('a text that only looks like an escaped NUL is kept as it is', async () => {
  const firelock = openFirelock(url);
  const name = String.raw`\u0000 and \ud800`;
  expect(await firelock.getJob(await firelock.enqueue(greet, { name }))).toMatchObject({ args: { name } });
});

test('args with a cycle, a BigInt or more than the limit are refused with the reason', async () => {
  const firelock = openFirelock(url);
  const anything = defineJob({ name: 'anything', args: z.any() });
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  await expect(firelock.enqueue(anything, cycle)).rejects.toThrow(/circular/i);
  await expect(firelock.enqueue(anything, { big: 1n })).rejects.toThrow(/BigInt/);
  await expect(firelock.enqueue(anything, () => 1)).rejects.toThrow(/function/);
  await expect(firelock.enqueue(anything, 'x'.repeat(2 ** 20))).rejects.toThrow(/exceed the limit/);
});

test('args that do not fit the schema are refused with each problem and its path', async () => {
  const firelock = openFirelock(url);
  const refusal = firelock.enqueue(greet, { name: 5, loud: 'yes' } as never);
  await expect(refusal).rejects.toThrow(InvalidArgsError);
  await expect(refusal).rejects.toMatchObject({ problems: [{ path: 'name' }, { path: 'loud' }] });
});

test('args are checked as the handler will read them: a Date that would come back as a string is refused', async () => {
  const firelock = openFirelock(url);
  const strict = defineJob({ name: 'strict', args: z.object({ at: z.date() }) });
  const coerced = defineJob({ name: 'coerced', args: z.object({ at: z.coerce.date() }) });
  await expect(firelock.enqueue(strict, { at: new Date() })).rejects.toThrow(InvalidArgsError);
  await expect(firelock.enqueue(coerced, { at: new Date() })).resolves.toMatch(/^\d+$/);
});

test('unknown options are refused with the nearest known one, all problems at once', async () => {
  const firelock = openFirelock(url);
  const options = { quue: 'mail', priority: 'urgent', delay: '5' };
  const refusal = firelock.enqueue(greet, { name: 'Ada' }, options as never);
  await expect(refusal).rejects.toThrow(InvalidOptionsError);
  await expect(refusal).rejects.toThrow(/quue: unknown option; did you mean 'queue'\?/);
  await expect(refusal).rejects.toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({ path: 'priority' }),
      expect.objectContaining({ path: 'delay' }),
      expect.objectContaining({ path: 'quue' }),
    ]),
  });
});

test.each([['5'], ['five minutes'], [''], [-1], [Number.NaN], ['200 years'], [null]])(
  'schedule refuses the duration %j',
  async (when) => {
    const firelock = openFirelock(url);
    await expect(firelock.schedule(ping, undefined, when as never)).rejects.toThrow(InvalidDurationError);
  },
);

test('schedule refuses an invalid Date and one that Postgres cannot hold', async () => {
  const firelock = openFirelock(url);
  await expect(firelock.schedule(ping, undefined, new Date('never'))).rejects.toThrow(InvalidOptionsError);
  await expect(firelock.schedule(ping, undefined, new Date(8.64e15))).rejects.toThrow(InvalidOptionsError);
});

test('every call names a database that is not migrated, with what to do', async () => {
  const firelock = openFirelock(url, { schema: 'elsewhere' });
  const calls = [
    () => firelock.enqueue(ping),
    () => firelock.enqueueMany(ping, [undefined]),
    () => firelock.schedule(ping, undefined, '5m'),
    () => firelock.retry('1'),
    () => firelock.reschedule('1', '5m'),
    () => firelock.getJob('1'),
    () => firelock.addOrUpdateRecurring('tick', ping, undefined, '@daily'),
    () => firelock.triggerRecurring('tick'),
    () => firelock.removeRecurring('tick'),
  ];
  for (const call of calls) await expect(call()).rejects.toThrow(MigrationRequiredError);
  await expect(firelock.enqueue(ping)).rejects.toThrow(/'elsewhere'.*firelock migrate/);
});
