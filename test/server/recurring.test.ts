import { beforeEach, expect, test } from 'vitest';
import type { RecurringOptions } from '../../src/client/recurring-options.js';
import type { Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import type { Events } from '../../src/job/events.js';
import { cron } from '../../src/schedule/cron.js';
import type { RecurringRun } from '../../src/storage/recurring-runs.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);

beforeEach(async () => {
  await client.query(
    'truncate firelock.recurring_jobs, firelock.recurring_runs, firelock.jobs, firelock.transitions',
  );
});

/** A job that runs until it is told to end. */
function held() {
  const ends: (() => void)[] = [];
  const job = defineJob({
    name: 'held',
    handler: (_args: void, { signal }) =>
      new Promise<void>((resolve, reject) => {
        ends.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  return { job, ends };
}

const done = defineJob({ name: 'done', handler: () => 'done' });
/** Half an hour from now, so that no occurrence falls into a test by itself. */
const schedule = cron.hourly((new Date().getUTCMinutes() + 30) % 60);

/** As if no server had been there for so many occurrences of an hourly schedule. */
async function missHours(id: string, count: number): Promise<void> {
  await client.query(
    `update firelock.recurring_jobs set next_run_at = next_run_at - $2 * interval '1 hour' where id = $1`,
    [id, count],
  );
}

/** Makes the next occurrence due now, and waits until the server that leads has dealt with it. */
async function fall(firelock: Firelock, id: string): Promise<void> {
  await client.query('update firelock.recurring_jobs set next_run_at = clock_timestamp() where id = $1', [
    id,
  ]);
  await client.query(`select pg_notify('firelock:firelock', 'recurring')`);
  await eventually('it has been dealt with', async () => {
    const { nextRunAt } = (await firelock.getRecurring(id)) ?? {};
    return (nextRunAt?.getTime() ?? 0) > Date.now();
  });
}

async function add(id: string, job: typeof done | ReturnType<typeof held>['job'], options: RecurringOptions) {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring(id, job, undefined, schedule, options);
  return firelock;
}

function kinds(runs: readonly RecurringRun[]): readonly string[] {
  return runs.map(({ kind, state }) => `${kind} ${state ?? ''}`.trim());
}

test.each<[RecurringOptions, number, number]>([
  [{ misfire: 'once' }, 1, 9],
  [{ misfire: 'skip' }, 0, 10],
  [{ misfire: 'skip', misfireGrace: '2h30m' }, 2, 8],
  [{ misfire: 'all' }, 10, 0],
  [{ misfire: 'all', misfireLimit: 3 }, 3, 7],
])('a downtime over 10 occurrences with %j: %i are fired, %i missed', async (options, fired, missed) => {
  const firelock = await add('hourly', done, options);
  await missHours('hourly', 10);
  const { nextRunAt: due = new Date() } = (await firelock.getRecurring('hourly')) ?? {};
  const heard: Events['recurring:missed'][0][] = [];
  const late: Events['recurring:late'][0][] = [];
  firelock.on('recurring:missed', (event) => heard.push(event));
  firelock.on('recurring:late', (event) => late.push(event));
  await startServer(firelock, { jobs: [done] });
  await eventually('it is up to date', async () => {
    const read = await firelock.getRecurring('hourly');
    return (read?.nextRunAt?.getTime() ?? 0) > Date.now();
  });
  const runs = await firelock.listRecurringRuns('hourly');
  const hours = (n: number) => new Date(due.getTime() + n * 3_600_000);
  expect(runs.filter(({ kind }) => kind === 'fired').map(({ occurrence }) => occurrence)).toEqual(
    Array.from({ length: fired }, (_, n) => hours(9 - n)),
  );
  for (const { jobId } of runs.filter(({ kind }) => kind === 'fired'))
    expect(await jobInState(firelock, jobId ?? '', 'succeeded')).toMatchObject({ recurringJobId: 'hourly' });
  const lost = { first: due, last: hours(missed - 1), count: missed };
  await eventually('all is told', () => late.length >= fired && heard.length >= Math.min(missed, 1));
  expect(heard).toEqual(missed === 0 ? [] : [{ recurringJobId: 'hourly', ...lost }]);
  expect(late.map(({ occurrence }) => occurrence)).toEqual(
    Array.from({ length: fired }, (_, n) => hours(10 - fired + n)),
  );
  expect(runs.filter(({ kind }) => kind === 'missed')).toMatchObject(
    missed === 0 ? [] : [{ occurrence: due, until: lost.last, missed }],
  );
});

test('overlap: skip leaves out what falls while an earlier run has not ended', async () => {
  const { job, ends } = held();
  const firelock = await add('held', job, { overlap: 'skip' });
  await startServer(firelock, { jobs: [job] });
  await fall(firelock, 'held');
  await eventually('it runs', () => ends.length === 1);
  await fall(firelock, 'held');
  expect(kinds(await firelock.listRecurringRuns('held'))).toEqual(['skipped', 'fired processing']);
  ends[0]?.();
  const [, first] = await firelock.listRecurringRuns('held');
  await jobInState(firelock, first?.jobId ?? '', 'succeeded');
  await fall(firelock, 'held');
  await eventually('it runs again', () => ends.length === 2);
  expect(kinds(await firelock.listRecurringRuns('held'))).toEqual([
    'fired processing',
    'skipped',
    'fired succeeded',
  ]);
});

test('overlap: queue-one lets one wait, and only one', async () => {
  const { job, ends } = held();
  const firelock = await add('held', job, { overlap: 'queue-one' });
  await startServer(firelock, { jobs: [job] });
  await fall(firelock, 'held');
  await eventually('it runs', () => ends.length === 1);
  await fall(firelock, 'held');
  const { pending } = (await firelock.getRecurring('held')) ?? {};
  expect(pending).toBeInstanceOf(Date);
  await fall(firelock, 'held');
  expect(kinds(await firelock.listRecurringRuns('held'))).toEqual(['skipped', 'fired processing']);
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await eventually('the one that waited runs', () => ends.length === 2);
  const [waited] = await firelock.listRecurringRuns('held');
  expect(waited).toMatchObject({ kind: 'fired', occurrence: pending });
  expect((await firelock.getRecurring('held'))?.pending).toBeUndefined();
});

test('overlap: replace cancels the earlier run', async () => {
  const { job, ends } = held();
  const firelock = await add('held', job, { overlap: 'replace' });
  await startServer(firelock, { jobs: [job] });
  await fall(firelock, 'held');
  await eventually('it runs', () => ends.length === 1);
  await fall(firelock, 'held');
  await eventually('the next runs', () => ends.length === 2);
  const runs = await firelock.listRecurringRuns('held');
  expect(kinds(runs)).toEqual(['fired processing', 'fired deleted']);
  const replaced = await eventually('its handler has stopped', async () => {
    const read = await firelock.getJob(runs[1]?.jobId ?? '');
    return read?.history.at(-1)?.ending === 'stopped' ? read : undefined;
  });
  expect(replaced.history.at(-1)?.reason).toBe('replaced by the next run of its recurring job');
});

test('overlap: allow lets runs be beside each other', async () => {
  const { job, ends } = held();
  const firelock = await add('held', job, {});
  await startServer(firelock, { jobs: [job] });
  await fall(firelock, 'held');
  await fall(firelock, 'held');
  await eventually('both run', () => ends.length === 2);
});

test('a schedule that cannot be computed any more is shown with its error, and does not stop the others', async () => {
  const firelock = await add('good', done, {});
  await firelock.addOrUpdateRecurring('bad', done, undefined, schedule);
  await client.query(
    `update firelock.recurring_jobs
     set time_zone = case when id = 'bad' then 'Mars/Olympus' else time_zone end, next_run_at = next_run_at - interval '1 hour'`,
  );
  const failed: Events['recurring:failed'][0][] = [];
  firelock.on('recurring:failed', (event) => failed.push(event));
  await startServer(firelock, { jobs: [done] });
  await eventually('the good one ran', async () => (await firelock.listRecurringRuns('good')).length === 1);
  const bad = await eventually('the bad one is marked', async () => {
    const read = await firelock.getRecurring('bad');
    return read?.error === undefined ? undefined : read;
  });
  expect(bad.error).toMatchObject({ code: 'FIRELOCK_INVALID_SCHEDULE' });
  expect(failed).toMatchObject([{ recurringJobId: 'bad', error: { code: 'FIRELOCK_INVALID_SCHEDULE' } }]);
  expect(await firelock.listRecurringRuns('bad')).toEqual([]);
  // Said anew by code, it is as good as the others.
  await firelock.addOrUpdateRecurring('bad', done, undefined, schedule);
  expect(await firelock.getRecurring('bad')).toMatchObject({ error: undefined, timeZone: 'UTC' });
});

test('the history keeps how runs ended when their jobs are gone, and the latest 500 runs', async () => {
  const firelock = await add('hourly', done, {});
  await client.query(`update firelock.recurring_jobs set runs = 600`);
  await client.query(
    `insert into firelock.recurring_runs (recurring_job_id, number, kind, occurrence)
     select 'hourly', number, 'skipped', now() from generate_series(101, 600) as number`,
  );
  await startServer(firelock, { jobs: [done] });
  await fall(firelock, 'hourly');
  const [run] = await firelock.listRecurringRuns('hourly');
  const jobId = run?.jobId ?? '';
  await jobInState(firelock, jobId, 'succeeded');
  expect(await expireJobs(fileStorage(url), { state: 'succeeded', retentionMs: 0, limit: 10 })).toBe(1);
  expect(await firelock.getJob(jobId)).toBeUndefined();
  const runs = await firelock.listRecurringRuns('hourly');
  expect(runs[0]).toMatchObject({ number: 601, kind: 'fired', state: 'succeeded', jobId });
  expect(runs[0]?.endedAt).toBeInstanceOf(Date);
  expect(runs).toHaveLength(500);
  expect(runs.at(-1)?.number).toBe(102);
  expect(await firelock.getRecurring('hourly')).toMatchObject({ lastJobId: jobId, lastState: 'succeeded' });
});

test('10,000 recurring jobs that are due at once are fired, each once', async () => {
  const firelock = await add('first', done, {});
  await client.query(
    `insert into firelock.recurring_jobs (id, name, args, queue, priority, attempt_limit, schedule, time_zone, next_run_at)
     select 'report-' || n, name, args, queue, priority, attempt_limit, schedule, time_zone, next_run_at - interval '1 hour'
     from firelock.recurring_jobs, generate_series(1, 10000) as n`,
  );
  await startServer(firelock, { jobs: [done], queues: { other: 1 } });
  const count = async (condition: string) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from firelock.recurring_jobs where ${condition}`,
    );
    return rows[0]?.count;
  };
  await eventually('all have moved on', async () => (await count('next_run_at <= now()')) === 0, 20_000);
  const { rows } = await client.query(
    'select count(*)::integer as jobs, count(distinct recurring_job_id)::integer as recurring from firelock.jobs',
  );
  expect(rows).toEqual([{ jobs: 10_000, recurring: 10_000 }]);
}, 40_000);

test('what is due while another transaction holds it is fired when that ends, and not asked for without a pause', async () => {
  const firelock = await add('held-row', done, {});
  await client.query('update firelock.recurring_jobs set next_run_at = clock_timestamp()');
  const holder = await fileConnection(url);
  await holder.query('begin');
  await holder.query('select from firelock.recurring_jobs for update');
  const commits = async () => {
    const { rows } = await client.query<{ count: number }>(
      'select xact_commit::integer as count from pg_stat_database where datname = current_database()',
    );
    return rows[0]?.count ?? 0;
  };
  await startServer(firelock, { jobs: [done] });
  const before = await commits();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect((await commits()) - before).toBeLessThan(200);
  await holder.query('commit');
  await eventually('it is fired', async () => (await firelock.listRecurringRuns('held-row')).length === 1);
});
