import { expect, test } from 'vitest';
import { DoNotRetry, InvalidDurationError, RetryAfter } from '../../src/errors.js';
import type { JobContext } from '../../src/job/context.js';
import { defineJob } from '../../src/job/definition.js';
import type { JobWithHistory } from '../../src/job/job.js';
import { fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();

/** How long after its latest transition the job is planned to run. */
function plannedDelayMs(job: JobWithHistory): number {
  return Number(job.runAt) - Number(job.history.at(-1)?.at);
}

function jobThat(name: string, handler: (ctx: JobContext) => unknown, options: object = {}) {
  return defineJob({ name, ...options, handler: (_args, ctx) => handler(ctx) });
}

test('RetryAfter plans the next attempt after exactly that long, whatever the delays of the job', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('busy', () => Promise.reject(new RetryAfter('5m', { cause: new Error('429') })), {
    retry: { attempts: 2, delays: [0] },
  });
  await startServer(firelock, { jobs: [job] });
  for (const options of [undefined, { retry: { delays: ['1d'] } }]) {
    const failed = await jobInState(firelock, await firelock.enqueue(job, undefined, options), 'failed');
    expect(plannedDelayMs(failed)).toBeGreaterThan(299_000);
    expect(plannedDelayMs(failed)).toBeLessThanOrEqual(300_000);
    expect(failed).toMatchObject({ attempt: 1, attemptLimit: 2 });
    expect(failed.history.at(-1)?.error).toMatchObject({
      name: 'RetryAfter',
      code: 'FIRELOCK_RETRY_AFTER',
      message: 'The handler asked for the next attempt after 5m.',
      cause: { message: '429' },
    });
  }
});

test('RetryAfter on the last attempt makes a dead letter', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('busy-at-last', () => Promise.reject(new RetryAfter(1000)), { retry: { attempts: 1 } });
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(history.at(-1)?.error?.message).toBe('The handler asked for the next attempt after 1000 ms.');
});

test.each(['soon', -1, Number.NaN, '200 years', undefined])('RetryAfter and snooze refuse %j', (delay) => {
  expect(() => new RetryAfter(delay as never)).toThrow(InvalidDurationError);
});

test('a RetryAfter of the application whose delay is none falls back to the default delay', async () => {
  const firelock = openFirelock(url);
  class Later extends RetryAfter {
    override readonly delayMs = Number.NaN;
  }
  const job = jobThat('later', () => Promise.reject(new Later(1)));
  await startServer(firelock, { jobs: [job] });
  const failed = await jobInState(firelock, await firelock.enqueue(job), 'failed');
  expect(plannedDelayMs(failed)).toBeGreaterThan(14_000);
});

test('DoNotRetry makes a dead letter at once, which says the reason', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('invalid', () =>
    Promise.reject(new DoNotRetry('there is no order 7', { cause: new Error('404') })),
  );
  const server = await startServer(firelock, { jobs: [job] });
  const dead = await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(dead).toMatchObject({ attempt: 1, attemptLimit: 10 });
  expect(dead.history.at(-1)?.error).toMatchObject({
    name: 'DoNotRetry',
    code: 'FIRELOCK_DO_NOT_RETRY',
    message: 'there is no order 7',
    cause: { message: '404' },
  });
  await eventually('it is counted', () => server.count('job:dead') === 1);
});

test('a snoozed job runs again after that long, and the attempt does not count', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('patient', (ctx) => (ctx.job.attempt < 3 ? ctx.snooze('50ms') : 'ready'), {
    retry: { attempts: 1 },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const { history, ...rest } = await jobInState(firelock, await firelock.enqueue(job), 'succeeded');
  expect(rest).toMatchObject({ attempt: 3, attemptLimit: 3, result: 'ready' });
  const snoozes = history.filter(({ state }) => state === 'scheduled');
  expect(snoozes).toMatchObject([
    { from: 'processing', attempt: 1, error: undefined, serverId: server.id },
    { from: 'processing', attempt: 2, error: undefined },
  ]);
  const [first] = snoozes;
  expect(Number(first?.runAt) - Number(first?.at)).toBeGreaterThan(40);
  await eventually('they are counted', () => server.count('job:snoozed') === 2);
  expect(server.count('job:failed')).toBe(0);
});

test('a handler that swallows what snooze throws is snoozed all the same', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('swallows', ({ snooze }) => {
    try {
      return snooze('1h');
    } catch (error) {
      return { error };
    }
  });
  await startServer(firelock, { jobs: [job] });
  const snoozed = await jobInState(firelock, await firelock.enqueue(job), 'scheduled');
  expect(snoozed.result).toBeUndefined();
  expect(Math.round(plannedDelayMs(snoozed) / 1000)).toBe(3600);
});

test('an error that is thrown after a snooze counts', async () => {
  const firelock = openFirelock(url);
  const job = jobThat(
    'fails-after',
    (ctx) => {
      try {
        ctx.snooze('1h');
      } catch {
        throw new Error('in the end');
      }
    },
    { retry: { attempts: 1 } },
  );
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(history.at(-1)?.error?.message).toBe('in the end');
});

test('a snooze with a bad duration is a failed attempt that says so', async () => {
  const firelock = openFirelock(url);
  const job = jobThat('bad-snooze', (ctx) => ctx.snooze('5'), { retry: { attempts: 1 } });
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(job), 'dead');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_INVALID_DURATION');
});

const abort = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

test.each<[string, (ctx: JobContext) => unknown, string]>([
  [
    'a snooze before the timeout wins, however long the handler then takes',
    async (ctx) => {
      try {
        return ctx.snooze('1h');
      } finally {
        await abort(ctx.signal);
      }
    },
    'scheduled',
  ],
  [
    'a snooze after the timeout comes too late',
    async (ctx) => {
      await abort(ctx.signal);
      return ctx.snooze('1h');
    },
    'dead',
  ],
])('%s', async (title, handler, state) => {
  const firelock = openFirelock(url);
  const options = { timeout: '50ms', retry: { attempts: 1 } };
  const job = jobThat(title.replaceAll(/\W+/g, '-'), handler, options);
  await startServer(firelock, { jobs: [job] });
  const { history } = await jobInState(firelock, await firelock.enqueue(job), state as 'dead');
  expect(history.at(-1)?.error?.code).toBe(state === 'dead' ? 'FIRELOCK_JOB_TIMEOUT' : undefined);
});

test("a call's own timeout wins over the definition's, and is shown with the job", async () => {
  const firelock = openFirelock(url);
  const job = jobThat('limited', ({ signal }) => abort(signal), { timeout: '1h', retry: { attempts: 1 } });
  await startServer(firelock, { jobs: [job] });
  const enqueued = await firelock.enqueue(job, undefined, { timeout: '40ms' });
  const [many = ''] = await firelock.enqueueMany(job, [undefined], { timeout: 40.5 });
  const scheduled = await firelock.schedule(job, undefined, 10, { timeout: '0.5ms' });
  expect(await jobInState(firelock, enqueued, 'dead')).toMatchObject({
    timeoutMs: 40,
    history: expect.arrayContaining([
      expect.objectContaining({ error: expect.objectContaining({ code: 'FIRELOCK_JOB_TIMEOUT' }) }),
    ]),
  });
  expect((await jobInState(firelock, many, 'dead')).timeoutMs).toBe(41);
  expect((await jobInState(firelock, scheduled, 'dead')).timeoutMs).toBe(1);
});

test.each([0, '25d', -1, 'soon'])('a call refuses the timeout %j', async (timeout) => {
  const call = openFirelock(url).enqueue(defineJob({ name: 'timed' }), undefined, { timeout });
  await expect(call).rejects.toThrow(/timeout: /);
});
