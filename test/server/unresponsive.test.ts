import { EventEmitter } from 'node:events';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  AttemptLostError,
  JobCancelledError,
  LeaseExpiredError,
  ServerStoppingError,
} from '../../src/errors.js';
import type { JobContext, TransactionalJobContext } from '../../src/job/context.js';
import { type AnyJobDefinition, defineJob } from '../../src/job/definition.js';
import type { Ended } from '../../src/engine/engine.js';
import type { Events } from '../../src/job/events.js';
import { channelOf } from '../../src/storage/notification.js';
import { Notifier } from '../../src/storage/notifier.js';
import { Outcomes } from '../../src/server/outcomes.js';
import { Output } from '../../src/server/output.js';
import { Performer } from '../../src/server/perform.js';
import { Promoter } from '../../src/server/promoter.js';
import { Reports } from '../../src/server/reports.js';
import { Statistics } from '../../src/server/statistics.js';
import { Transactional } from '../../src/server/transactional.js';
import { NativeEngine } from '../../src/engine/native/native-engine.js';
import { connect } from '../../src/storage/connections.js';
import { Database } from '../../src/storage/database.js';
import { JobTransactions } from '../../src/storage/job-transactions.js';
import { registerServer } from '../../src/storage/servers.js';
import { type ClaimedJob, settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, silent, startServer } from '../firelock.js';
import { barsWith, messagesOf } from '../job-output.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const GRACE_MS = 60;
const DAY_MS = 86_400_000;

beforeAll(() => client.query('create table effects (job_id bigint not null)'));

/** What performs jobs in a server, with a shorter grace than a server's. */
function performerOf(job: AnyJobDefinition, serverId = '1', transactionsOf = database) {
  const events = new EventEmitter<Events>();
  const reasons: Error[] = [];
  events.on('job:unresponsive', ({ reason }) => reasons.push(reason));
  const reports = new Reports(events, silent);
  const notifier = new Notifier(database, channelOf('firelock'), () => undefined);
  const outcomes = new Outcomes({
    reports,
    statistics: new Statistics({ database, logger: silent }),
    promoter: new Promoter(new NativeEngine(database, notifier), silent, () => false),
    database,
    logger: silent,
    serverId: () => serverId,
    stillRuns: () => false,
  });
  const late: Ended[] = [];
  const transactions = new JobTransactions(transactionsOf, 5);
  const transactional = new Transactional({ transactions, outcomes, serverId: () => serverId });
  const onLate = (ended: Ended) => late.push(ended);
  const retention = { succeeded: DAY_MS, dead: DAY_MS, deleted: DAY_MS };
  const output = new Output({ database, logger: silent, retention });
  const attempts = { clientFor: () => openFirelock(url), logger: silent, output };
  const options = { jobs: [job], ...attempts, reports, transactional, onLate };
  const performer = new Performer({ ...options, serverId: () => serverId }, GRACE_MS);
  return { performer, reports, reasons, late, output };
}

function claimed(facts: Partial<ClaimedJob> = {}): ClaimedJob {
  return {
    id: '1',
    name: 'job',
    queue: 'default',
    priority: 2,
    args: null,
    attempt: 1,
    attemptLimit: 1,

    createdAtMs: 0,
    waitedMs: 0,
    extras: { timeoutMs: 20 },
    ...facts,
  };
}

/** A job that a server of its own has claimed, and that times out after 100 ms. */
async function claimOne(
  job: AnyJobDefinition,
): Promise<{ readonly own: ClaimedJob; readonly serverId: string }> {
  const contract = defineJob({ name: job.name, queue: job.queue });
  await openFirelock(url).enqueue(contract, undefined, { timeout: 100 });
  const serverId = await registerServer(database, { name: 'own', queues: {}, jobNames: [] });
  const claim = { queue: job.queue, names: [job.name], limit: 1 };
  const [own = claimed()] = (await settleAndClaim(database, serverId, { settled: [], claim })).claimed;
  return { own, serverId };
}

const never = () => new Promise<never>(() => undefined);
const timedOut = { state: 'dead', error: { code: 'FIRELOCK_JOB_TIMEOUT' } };

function afterAbort(signal: AbortSignal, ms: number): Promise<string> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(() => resolve('in the end'), ms));
  });
}

test.each([
  ['a handler that heeds nothing', never],
  // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
  ['(I10) a thenable that never settles', () => ({ then: () => undefined })],
])('(I8) %s loses its slot a grace after its timeout, and is reported', async (_what, handler) => {
  const job = defineJob({ name: 'job', handler });
  const { performer, reports, reasons } = performerOf(job);
  expect(await performer.perform(claimed())).toMatchObject(timedOut);
  expect(reports.count('job:unresponsive')).toBe(1);
  expect(reasons).toMatchObject([{ code: 'FIRELOCK_JOB_TIMEOUT', timeoutMs: 20 }]);
});

test('(I8) a handler that ends within the grace keeps its slot until then, and has failed although it returns', async () => {
  let end = 0;
  const job = defineJob({
    name: 'job',
    handler: async (_args, { signal }: JobContext) => {
      await afterAbort(signal, GRACE_MS / 2);
      end = performance.now();
      return 'done';
    },
  });
  const { performer, reports } = performerOf(job);
  expect(await performer.perform(claimed())).toMatchObject(timedOut);
  expect(end).toBeGreaterThan(0);
  expect(reports.count('job:unresponsive')).toBe(0);
});

test('a handler that was given up tells its job nothing more', async () => {
  let tell: (message: string) => void = () => undefined;
  const job = defineJob({
    name: 'tells',
    queue: 'tells',
    handler: (_args, { log, progress }: JobContext) => {
      tell = (message) => {
        log.info(message);
        progress(message.length);
      };
      tell('before');
      return never();
    },
  });
  const { own, serverId } = await claimOne(job);
  const { performer, output } = performerOf(job, serverId);
  expect(await performer.perform(own)).toMatchObject({ error: { code: 'FIRELOCK_JOB_TIMEOUT' } });
  tell('and afterwards');
  await output.flush();
  expect(await messagesOf(database, own.id)).toEqual(['1: before']);
  expect(await barsWith(database, own.id, 'main: 6')).toEqual(['main: 6']);
});

test('a handler that has finished in time is not affected by the timeout that follows', async () => {
  const job = defineJob({ name: 'job', handler: () => 'done' });
  const { performer } = performerOf(job);
  expect(await performer.perform(claimed({ extras: { timeoutMs: 1 } }))).toEqual({
    state: 'succeeded',
    result: '"done"',
  });
});

test('(I5) what a handler does after it was given up is no outcome, and is not asked about its delay again', async () => {
  let finish: (value: string) => void = () => undefined;
  let isOver = false;
  let delays = 0;
  const job = defineJob({
    name: 'job',
    retry: { delays: () => (delays += 1) },
    handler: async () => {
      await new Promise<string>((resolve) => (finish = resolve));
      isOver = true;
      return 'too late';
    },
  });
  const { performer } = performerOf(job);
  expect(await performer.perform(claimed({ attemptLimit: 2 }))).toMatchObject({
    state: 'failed',
    delayMs: 1,
  });
  finish('now');
  await eventually('its code has ended', () => isOver);
  expect(delays).toBe(1);
});

test('a deaf handler whose job was deleted is known to run until it ends, and its end is told late', async () => {
  let finish: (value: string) => void = () => undefined;
  const job = defineJob({ name: 'job', handler: () => new Promise<string>((resolve) => (finish = resolve)) });
  const { performer, reports, late } = performerOf(job);
  const settlement = performer.perform(claimed({ extras: null }));
  await eventually('it runs', () => reports.count('job:started') === 1);
  performer.abortAll(({ id }) => new JobCancelledError(id));
  expect(await settlement).toEqual({ state: 'enqueued' });
  expect(performer.runs({ id: '1', attempt: 1 })).toBe(true);
  finish('at last');
  await eventually('its end is told', () => late.length === 1);
  expect(late).toMatchObject([{ job: { id: '1' }, settlement: { state: 'succeeded' } }]);
  expect(performer.runs({ id: '1', attempt: 1 })).toBe(false);
});

test.each([
  ['cancelled', (performer: Performer) => performer.abortAll(({ id }) => new JobCancelledError(id))],
  ['of a lost lease', (performer: Performer) => performer.abortAll(() => new LeaseExpiredError())],
  ['taken away', (performer: Performer) => performer.abortAll(({ id }) => new AttemptLostError(id, 1))],
])(
  '(I8) the slot of a deaf handler whose job is %s is freed after the grace as well',
  async (_what, abort) => {
    const job = defineJob({ name: 'job', handler: never });
    const { performer, reports } = performerOf(job);
    const settlement = performer.perform(claimed({ extras: null }));
    await eventually('it runs', () => reports.count('job:started') === 1);
    abort(performer);
    expect(await settlement).toEqual({ state: 'enqueued' });
    expect(reports.count('job:unresponsive')).toBe(1);
  },
);

test('a server that stops waits in its own time, and gives up at once those that are left', async () => {
  const job = defineJob({ name: 'job', handler: never });
  const { performer, reports } = performerOf(job);
  const settlement = performer.perform(claimed({ extras: null }));
  await eventually('it runs', () => reports.count('job:started') === 1);
  performer.abortAll(() => new ServerStoppingError());
  await new Promise((resolve) => setTimeout(resolve, 2 * GRACE_MS));
  expect(reports.count('job:unresponsive')).toBe(0);
  performer.giveUpAll();
  expect(await settlement).toEqual({ state: 'enqueued' });
  expect(reports.count('job:unresponsive')).toBe(1);
});

test('a handler is not called when the time was over before its args were read', async () => {
  let isCalled = false;
  const slowSchema = {
    '~standard': {
      version: 1,
      vendor: 'slow',
      validate: () => new Promise<{ value: number }>((done) => setTimeout(() => done({ value: 1 }), 50)),
    },
  } as const;
  const job = defineJob({ name: 'job', args: slowSchema, handler: () => void (isCalled = true) });
  const { performer } = performerOf(job);
  expect(await performer.perform(claimed())).toMatchObject(timedOut);
  expect(isCalled).toBe(false);
});

test('(I6, I8) the transaction of a handler that is given up is broken off: nothing of it is committed later', async () => {
  let context: TransactionalJobContext | undefined;
  const job = defineJob({
    name: 'job',
    queue: 'deaf',
    transactional: true,
    handler: async (_args, ctx) => {
      context = ctx;
      await ctx.tx.query('insert into effects (job_id) values ($1)', [ctx.job.id]);
      await never();
    },
  });
  const { own, serverId } = await claimOne(job);
  const { performer } = performerOf(job, serverId);
  expect(await performer.perform(own)).toMatchObject({ state: 'failed' });
  await eventually('its connection is gone', async () => {
    const { rows } = await client.query('select 1 from pg_stat_activity where application_name = $1', [
      `firelock:firelock:${serverId}`,
    ]);
    return rows.length === 0;
  });
  await expect(context?.tx.query('commit')).rejects.toThrow(/ran longer than its timeout/);
  expect((await client.query('select from effects')).rows).toEqual([]);
  expect(await openFirelock(url).getJob(own.id)).toMatchObject({ state: 'processing' });
});

test('(I6, I8) a commit that Postgres does not answer is broken off after the grace, and told as unknown', async () => {
  const network = await networkTo(url);
  const job = defineJob({
    name: 'job',
    queue: 'deaf',
    transactional: true,
    handler: () => network.loseAnswersTo('commit'),
  });
  const { own, serverId } = await claimOne(job);
  const deaf = new Database(
    connect({ connectionString: network.connectionString }, () => undefined),
    'firelock',
  );
  onTestFinished(() => deaf.close());
  const { performer, reports } = performerOf(job, serverId, deaf);
  expect(await performer.perform(own)).toMatchObject({ error: { code: 'FIRELOCK_COMMIT_UNKNOWN' } });
  expect(reports.count('job:unresponsive')).toBe(0);
  expect(await openFirelock(url).getJob(own.id)).toMatchObject({ state: 'succeeded' });
});

test('(I8) a server runs other jobs in the slot of a deaf handler, 10 s after its timeout', async () => {
  const firelock = openFirelock(url);
  const deaf = defineJob({
    name: 'deaf',
    queue: 'one-slot',
    timeout: 50,
    retry: { attempts: 1 },
    handler: never,
  });
  const next = defineJob({ name: 'next', queue: 'one-slot', handler: () => 'ran' });
  const server = await startServer(firelock, { jobs: [deaf, next], queues: { 'one-slot': 1 } });
  const first = await firelock.enqueue(deaf);
  const second = await firelock.enqueue(next);
  const { history } = await jobInState(firelock, first, 'dead');
  await jobInState(firelock, second, 'succeeded');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_JOB_TIMEOUT');
  const [started, ended] = [history.at(-1)?.startedAt, history.at(-1)?.at].map(Number);
  expect((ended ?? 0) - (started ?? 0)).toBeGreaterThan(9900);
  expect(server.count('job:unresponsive')).toBe(1);
});
