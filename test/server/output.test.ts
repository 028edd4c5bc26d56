import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { DoNotRetry } from '../../src/errors.js';
import type { JobContext } from '../../src/job/context.js';
import { defineJob } from '../../src/job/definition.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { barsWith, logOf, logOfLength, messagesOf } from '../job-output.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

/** A job that does as told and then runs until it is let go, or aborted. */
function lingering(name: string, tell: (ctx: JobContext) => void) {
  let letGo: () => void = () => undefined;
  const handler = (_args: void, ctx: JobContext) =>
    new Promise<void>((resolve) => {
      letGo = resolve;
      ctx.signal.addEventListener('abort', () => resolve());
      tell(ctx);
    });
  return { job: defineJob({ name, queue: name, handler }), letGo: () => letGo() };
}

/** Runs a handler to its end, and answers the job's id when its log is complete, because the server has stopped. */
async function told(name: string, tell: (ctx: JobContext) => unknown, logger?: pino.Logger): Promise<string> {
  const firelock = openFirelock(url, logger === undefined ? {} : { logger });
  const handler = async (_args: void, ctx: JobContext) => void (await tell(ctx));
  const job = defineJob({ name, queue: name, retry: { attempts: 1 }, handler });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'succeeded');
  await server.stop();
  return id;
}

test('what a handler tells is to be seen while it runs, in order', async () => {
  const firelock = openFirelock(url);
  const { job, letGo } = lingering('live', ({ log, progress, progressBar }) => {
    log.debug('not kept');
    log.info('begins');
    log.warn({ orderId: 7, list: [1, null] }, 'an odd order');
    log.error({}, 'no facts');
    progress(10);
    progress(33.3333);
    progressBar('upload')(0);
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  const lines = await logOfLength(database, id, 3);
  expect((await firelock.getJob(id))?.state).toBe('processing');
  expect(lines).toMatchObject([
    { attempt: 1, number: 1, level: 'info', message: 'begins', facts: undefined },
    { attempt: 1, number: 2, level: 'warn', message: 'an odd order', facts: { orderId: 7, list: [1, null] } },
    { attempt: 1, number: 3, level: 'error', message: 'no facts' },
  ]);
  expect(await barsWith(database, id, 'upload: 0')).toEqual(['main: 33.333', 'upload: 0']);
  letGo();
  await jobInState(firelock, id, 'succeeded');
  await server.stop();
  expect(await logOf(database, id)).toHaveLength(3);
});

test("each line goes to the server's logger, with its job; Firelock's own remarks go nowhere else", async () => {
  const written: string[] = [];
  const logger = pino(
    { level: 'debug', base: null, timestamp: false },
    { write: (line) => written.push(line) },
  );
  const firelock = openFirelock(url, { logger });
  const job = defineJob({
    name: 'logs',
    queue: 'logs',
    handler: (_args, { log }) => {
      log.debug('for the logger alone');
      log.child({ request: 'r1' }).info({ n: 1 }, 'with facts');
      throw new DoNotRetry('over');
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'dead');
  await server.stop();
  const ofJob = { job: { id, name: 'logs', attempt: 1 } };
  expect(written.map((line) => JSON.parse(line) as object).filter((line) => 'job' in line)).toMatchObject([
    { ...ofJob, level: 20, msg: 'for the logger alone' },
    { ...ofJob, level: 30, msg: 'with facts', request: 'r1', n: 1 },
    { ...ofJob, level: 50, msg: 'the handler said not to retry: the job is a dead letter' },
  ]);
  expect(await logOf(database, id)).toMatchObject([
    { message: 'with facts', facts: { request: 'r1', n: 1 } },
  ]);
});

test('a job that is retried keeps the lines of each attempt apart, and shows the bars of its latest', async () => {
  const firelock = openFirelock(url);
  const job = defineJob({
    name: 'retried',
    queue: 'retried',
    retry: { attempts: 2, delays: ['1ms'] },
    handler: (_args, { log, progress, job: { attempt } }) => {
      log.info(`attempt ${attempt}`);
      progress(attempt * 10);
      if (attempt === 1) throw new Error('once more');
    },
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'succeeded');
  await server.stop();
  expect(await messagesOf(database, id)).toEqual(['1: attempt 1', '2: attempt 2']);
  expect(await barsWith(database, id, 'main: 20')).toEqual(['main: 20']);
});

test('of an attempt 1,000 lines are kept, and one more says how many are not, while it runs as well', async () => {
  const firelock = openFirelock(url);
  let say: (message: string) => void = () => undefined;
  const { job } = lingering('talkative', ({ log }) => {
    say = (message) => log.info(message);
    for (let n = 1; n <= 1010; n += 1) log.info(`line ${n}`);
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  const log = await logOfLength(database, id, 1001);
  const notice = (count: string) => `Lines that are not kept here: ${count} (of an attempt, 1,000 are kept).`;
  expect(log.slice(998).map(({ message }) => message)).toEqual(['line 999', 'line 1000', notice('10')]);
  say('one more');
  await eventually('it is counted', async () => (await logOf(database, id)).at(-1)?.message === notice('11'));
  for (let n = 0; n < 2000; n += 1) say('many more');
  await server.stop({ grace: 0 });
  expect((await logOf(database, id)).slice(1000)).toMatchObject([{ number: 1001, message: notice('2,011') }]);
});

test('(I10) what Postgres refuses is dropped with a word to the logger, and nothing else is', async () => {
  await client.query(`alter table firelock.job_logs add constraint sane check (lines not like '%poison%')`);
  onTestFinished(() => void client.query('alter table firelock.job_logs drop constraint sane'));
  const written: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => written.push(line) });
  const firelock = openFirelock(url, { logger });
  const names = ['a', 'b', 'poison', 'c', 'd'];
  const jobs = names.map(
    (name) =>
      lingering(name, ({ log, progress }) => {
        log.info(name);
        progress(50);
      }).job,
  );
  await startServer(firelock, { jobs, queues: Object.fromEntries(names.map((name) => [name, 1])) });
  const ids: string[] = [];
  for (const job of jobs) ids.push(await firelock.enqueue(job));
  for (const [place, id] of ids.entries()) {
    await barsWith(database, id, 'main: 50');
    const isPoison = names[place] === 'poison';
    expect(await messagesOf(database, id)).toEqual(isPoison ? [] : [`1: ${names[place]}`]);
  }
  await eventually('it is told', () => written.some((line) => line.includes('Postgres refuses')));
});

test('lines and progress of a transactional handler are to be seen while it runs, and stay when it rolls back', async () => {
  const firelock = openFirelock(url);
  let fail: () => void = () => undefined;
  const job = defineJob({
    name: 'rolls-back',
    queue: 'rolls-back',
    transactional: true,
    retry: { attempts: 1 },
    handler: (_args, { log, progress }) => {
      log.info('in a transaction');
      progress(75);
      return new Promise<void>((_resolve, reject) => (fail = () => reject(new Error('no'))));
    },
  });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await barsWith(database, id, 'main: 75');
  expect(await messagesOf(database, id)).toEqual(['1: in a transaction']);
  fail();
  await jobInState(firelock, id, 'dead');
  expect(await messagesOf(database, id)).toEqual(['1: in a transaction']);
});

test('only the latest value of a bar is written', async () => {
  const firelock = openFirelock(url);
  let progress: (percent: number) => void = () => undefined;
  const { job } = lingering('bars', (ctx) => (progress = ctx.progress));
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'processing');
  for (let n = 0; n <= 10_000; n += 1) progress(n / 100);
  await barsWith(database, id, 'main: 100');
  const { rows } = await client.query<{ percent: number }>(
    'select percent from firelock.progress_bars where job_id = $1',
    [id],
  );
  expect(rows).toEqual([{ percent: 100 }]);
  progress(40);
  expect(await barsWith(database, id, 'main: 40')).toEqual(['main: 40']);
});

test('a percent or a name that cannot be shown is refused, and names the value', async () => {
  const refused: unknown[] = [];
  const refusal = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      refused.push(String(error));
    }
  };
  const id = await told('strict', ({ progress, progressBar }) => {
    for (const percent of [-1, 100.01, Number.NaN, Number.POSITIVE_INFINITY, '50'])
      refusal(() => progress(percent as number));
    refusal(() => progressBar('upload')(101));
    refusal(() => progressBar(''));
    refusal(() => progressBar('x'.repeat(201)));
    refusal(() => progressBar(7 as unknown as string));
    // A sum of rounded parts is no mistake.
    progress(100 + 1e-13);
  });
  expect(refused).toEqual([
    'InvalidOptionsError: progress: percent: expected a number from 0 to 100, got -1',
    'InvalidOptionsError: progress: percent: expected a number from 0 to 100, got 100.01',
    'InvalidOptionsError: progress: percent: expected a number from 0 to 100, got NaN',
    'InvalidOptionsError: progress: percent: expected a number from 0 to 100, got Infinity',
    "InvalidOptionsError: progress: percent: expected a number from 0 to 100, got '50'",
    "InvalidOptionsError: progressBar 'upload': percent: expected a number from 0 to 100, got 101",
    'InvalidOptionsError: progressBar: name: expected a text of 1 to 200 characters, got 0',
    'InvalidOptionsError: progressBar: name: expected a text of 1 to 200 characters, got 201',
    'InvalidOptionsError: progressBar: name: expected a text of 1 to 200 characters, got 7',
  ]);
  expect(await barsWith(database, id, 'main: 100')).toEqual(['main: 100']);
});

test('of an attempt 100 bars are kept, and the log says so', async () => {
  const id = await told('bar-lover', ({ progressBar }) => {
    for (let n = 1; n <= 110; n += 1) progressBar(`bar \0${n}`)(n / 10);
  });
  expect(await barsWith(database, id, 'bar \uFFFD100: 10')).toHaveLength(100);
  expect(await messagesOf(database, id)).toEqual([
    "1: 'bar \uFFFD101' and further progress bars are not kept: of an attempt, 100 are.",
  ]);
});

test('a server that stops has written what was told, of jobs that ended and of those that are given back', async () => {
  const firelock = openFirelock(url);
  const { job } = lingering('stopped', ({ log }) => log.info('the last words'));
  const quick = defineJob({
    name: 'quick',
    queue: 'stopped',
    handler: (_args, { log }) => log.info('quick'),
  });
  const server = await startServer(firelock, { jobs: [job, quick] });
  const ids = [await firelock.enqueue(job), await firelock.enqueue(quick)];
  await jobInState(firelock, ids[1] ?? '', 'succeeded');
  await server.stop({ grace: 0 });
  const logs = await Promise.all(ids.map((id) => messagesOf(database, id)));
  expect(logs).toEqual([['1: the last words'], ['1: quick']]);
});

test('expiry removes lines and bars together with their job, and no others', async () => {
  const tell = ({ log, progress }: JobContext) => {
    log.info('told');
    progress(1);
  };
  const ids = [await told('expires', tell), await told('stays', tell)];
  await client.query("update firelock.jobs set finished_at = now() - interval '9 days' where id = $1", [
    ids[0],
  ]);
  await expireJobs(database, { state: 'succeeded', retentionMs: 8 * 86_400_000, limit: 10 });
  const left = (table: string) =>
    client.query(`select job_id::text as id from firelock.${table} where job_id = any($1)`, [ids]);
  expect((await left('job_logs')).rows).toEqual([{ id: ids[1] }]);
  expect((await left('progress_bars')).rows).toEqual([{ id: ids[1] }]);
});

test('in an outage handlers do not notice; what they told is written afterwards, with its time', async () => {
  const network = await networkTo(url);
  const written: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => written.push(line) });
  const firelock = openFirelock(network.connectionString, { logger });
  let ctx: JobContext | undefined;
  const { job } = lingering('outage', (context) => (ctx = context));
  await startServer(firelock, { jobs: [job] });
  const observer = openFirelock(url);
  const id = await observer.enqueue(job);
  await eventually('it runs', () => ctx);
  ctx?.log.info('before');
  await logOfLength(database, id, 1);
  network.refuse();
  ctx?.log.info('during');
  ctx?.progress(5);
  await eventually('the server has tried', () => written.some((line) => line.includes('"loop":"output"')));
  ctx?.log.info('later');
  ctx?.progress(6);
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  network.restore();
  expect(await barsWith(database, id, 'main: 6')).toEqual(['main: 6']);
  const log = await logOfLength(database, id, 3);
  expect(log.map(({ message }) => message)).toEqual(['before', 'during', 'later']);
  expect(Number(log[2]?.at)).toBeLessThanOrEqual(Number(rows[0]?.now));
});

test('in an outage a bounded number of lines is kept, and the log says how many were not', async () => {
  const network = await networkTo(url);
  const written: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => written.push(line) });
  const firelock = openFirelock(network.connectionString, { logger });
  const contexts: JobContext[] = [];
  const { job } = lingering('flood', (ctx) => contexts.push(ctx));
  await startServer(firelock, { jobs: [job], queues: { flood: 5 } });
  const observer = openFirelock(url);
  const ids = await observer.enqueueMany(job, Array.from({ length: 5 }));
  await eventually('they run', () => contexts.length === 5);
  network.refuse();
  // Of 8 million characters each: the server keeps the lines of two, and a few of the third.
  const [message, note] = ['m'.repeat(4000), 'n'.repeat(3900)];
  for (const { log } of contexts) for (let n = 0; n < 999; n += 1) log.info({ note }, message);
  const tells = (text: string) => written.some((line) => line.includes(text));
  expect(tells('what handlers log is not kept for a while')).toBe(true);
  network.restore();
  const last = contexts.at(-1)?.job.id ?? '';
  const notice = 'Lines that are not kept here: 999 (too many waited to be written).';
  expect((await logOfLength(database, last, 1)).map(({ message }) => message)).toEqual([notice]);
  contexts.at(-1)?.log.info('kept again');
  expect(await logOfLength(database, last, 2)).toMatchObject([
    { number: 1, message: notice },
    { number: 2, message: 'kept again' },
  ]);
  const lengths = await Promise.all(ids.map(async (id) => (await logOf(database, id)).length));
  expect(lengths.toSorted((a, b) => b - a).slice(0, 2)).toEqual([999, 999]);
});

function startTalkingProcess(): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'test/server/talking-worker.ts', url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

test('a server that is killed loses the lines of its last second at most', async () => {
  const firelock = openFirelock(url);
  const worker = startTalkingProcess();
  const spoken: { readonly n: number; readonly atMs: number }[] = [];
  worker.stdout?.on('data', (data: Buffer) => {
    for (const n of data.toString().trim().split('\n'))
      spoken.push({ n: Number(n), atMs: performance.now() });
  });
  const id = await firelock.enqueue(defineJob({ name: 'talks', queue: 'talks' }));
  await logOfLength(database, id, 100);
  const gone = once(worker, 'exit');
  const killedAtMs = performance.now();
  worker.kill('SIGKILL');
  await gone;
  const kept = Number((await messagesOf(database, id)).at(-1)?.split(' ').at(-1));
  const old = spoken.filter(({ atMs }) => atMs < killedAtMs - 1000);
  expect(old.length).toBeGreaterThan(5);
  expect(kept).toBeGreaterThanOrEqual(old.at(-1)?.n ?? 0);
});
