import { expect, test } from 'vitest';
import type { Logger } from '../../src/job/context.js';
import { type AnyJobDefinition, defineJob } from '../../src/job/definition.js';
import type { JobWithHistory } from '../../src/job/job.js';
import type { State } from '../../src/job/state.js';
import { fileDatabase } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { returned, revoked, throwing, thrown } from './hostile-values.js';

const url = await fileDatabase();
const neighbour = defineJob({ name: 'neighbour', handler: () => 'fine' });
const once = { retry: { attempts: 1 } };

/** Runs a job in one batch with a neighbour, which must succeed at its first attempt whatever befalls the other. */
async function runBesideNeighbour(
  job: AnyJobDefinition,
  state: State,
  options: { readonly logger?: Logger } = {},
): Promise<JobWithHistory> {
  const firelock = openFirelock(url, options);
  const contract = defineJob({ name: job.name, retry: { attempts: job.retry.attempts } });
  const [id, neighbourId] = [await firelock.enqueue(contract), await firelock.enqueue(neighbour)];
  await startServer(firelock, { jobs: [job, neighbour] });
  const ended = await jobInState(firelock, id, state);
  expect(await jobInState(firelock, neighbourId, 'succeeded')).toMatchObject({ attempt: 1, result: 'fine' });
  return ended;
}

test.each(thrown)(
  '(I10) a handler that throws %s leaves a dead letter with a readable error',
  async (_, value, message) => {
    const handler = () => rethrow(value());
    const { history } = await runBesideNeighbour(defineJob({ name: 'throws', ...once, handler }), 'dead');
    const error = history.at(-1)?.error;
    expect(error?.message).toMatch(message);
    expect(error?.name).toMatch(/./);
    expect(JSON.stringify(error).length).toBeLessThan(1_500_000);
  },
);

test('(I10) a handler that returns a promise which rejects with undefined leaves a dead letter', async () => {
  const job = defineJob({ name: 'rejects', ...once, handler: () => Promise.reject(undefined) });
  const { history } = await runBesideNeighbour(job, 'dead');
  expect(history.at(-1)?.error?.message).toMatch(/not an Error was thrown: undefined/);
});

test('(I10) an AggregateError is kept with ten of its errors, and says how many more there were', async () => {
  const errors = Array.from(
    { length: 12 },
    (_, n) => new TypeError(`mirror ${n}`, { cause: new Error('refused') }),
  );
  const job = defineJob({
    name: 'aggregate',
    ...once,
    handler: () => Promise.any(errors.map((e) => Promise.reject(e))),
  });
  const { history } = await runBesideNeighbour(job, 'dead');
  const record = history.at(-1)?.error;
  expect(record).toMatchObject({ name: 'AggregateError', message: 'All promises were rejected' });
  expect(record?.errors).toHaveLength(11);
  expect(record?.errors?.[0]).toMatchObject({
    name: 'TypeError',
    message: 'mirror 0',
    cause: { message: 'refused' },
  });
  expect(record?.errors?.[10]).toEqual({ name: 'Omitted', message: '2 more of them' });
});

test.each(returned)('(I10) a handler that returns %s has succeeded', async (_, value, kept) => {
  const job = defineJob({ name: 'returns', ...once, handler: () => value() });
  expect((await runBesideNeighbour(job, 'succeeded')).result).toEqual(kept);
});

// oxlint-disable unicorn/no-thenable -- they are what is tested
test.each<[string, () => unknown, RegExp]>([
  [
    'a thenable whose then cannot be read',
    () => Object.defineProperty({}, 'then', { get: throwing }),
    /by a getter/,
  ],
  ['a thenable that throws', () => ({ then: throwing }), /by a getter/],
  [
    'a thenable that rejects with a revoked Proxy',
    () => ({ then: (_: unknown, no: (e: unknown) => void) => no(revoked()) }),
    /Revoked Proxy/,
  ],
])('(I10) a handler that returns %s leaves a dead letter', async (_, handler, message) => {
  const { history } = await runBesideNeighbour(defineJob({ name: 'thenable', ...once, handler }), 'dead');
  expect(history.at(-1)?.error?.message).toMatch(message);
});
// oxlint-enable unicorn/no-thenable

test.each<[string, () => unknown, RegExp]>([
  ['throws', throwing, /by a getter/],
  ['throws undefined', () => rethrow(undefined), /undefined/],
  ['throws a revoked Proxy', () => rethrow(revoked()), /Revoked Proxy/],
  ['rejects', () => Promise.reject(new Error('no schema today')), /no schema today/],
  ['answers nothing', () => undefined, /undefined/],
  ['answers a revoked Proxy', () => revoked(), /revoked/],
  ['has issues that cannot be read', () => ({ issues: [revoked()] }), /revoked/],
])('(I10) a schema that %s fails the attempt before the handler runs', async (_, validate, message) => {
  let isCalled = false;
  const job = defineJob({
    name: 'validated',
    args: { '~standard': { version: 1, vendor: 'own', validate: validate as () => { value: unknown } } },
    ...once,
    handler: () => void (isCalled = true),
  });
  const { history } = await runBesideNeighbour(job, 'dead');
  expect(history.at(-1)?.error?.message).toMatch(message);
  expect(isCalled).toBe(false);
});

test.each<[string, () => never]>([
  ['throws', throwing],
  ['throws a revoked Proxy', () => rethrow(revoked())],
  ['answers no duration', () => 'soon' as never],
  ['is async and rejects', () => Promise.reject(new Error('async')) as never],
])("(I10) after a failure, a 'delays' that %s leads to the default delay", async (_, delays) => {
  const handler = () => Promise.reject(new Error('no'));
  const failed = await runBesideNeighbour(
    defineJob({ name: 'delayed', retry: { delays }, handler }),
    'failed',
  );
  expect(failed.history.at(-1)?.error?.message).toBe('no');
  expect(Number(failed.runAt) - Number(failed.history.at(-1)?.at)).toBeGreaterThan(14_000);
});

function loggerWith(method: () => never, child: () => unknown): Logger {
  return { debug: method, info: method, warn: method, error: method, child: child as () => Logger };
}

test.each<[string, Logger]>([
  ['throws', loggerWith(throwing, throwing)],
  ['throws in its children', loggerWith(throwing, () => loggerWith(throwing, throwing))],
  ['has children that are none', loggerWith(throwing, () => undefined)],
  ['rejects', loggerWith(() => Promise.reject(new Error('disk full')) as never, throwing)],
])('(I10) a logger that %s changes no outcome', async (_, logger) => {
  const failing = defineJob({
    name: 'logs',
    ...once,
    handler: (_args, ctx) => {
      ctx.log.info({}, 'a line of the handler');
      return Promise.reject(new Error('after the line'));
    },
  });
  const { history } = await runBesideNeighbour(failing, 'dead', { logger });
  expect(history.at(-1)?.error?.message).toBe('after the line');
});

function rethrow(value: unknown): never {
  throw value;
}
