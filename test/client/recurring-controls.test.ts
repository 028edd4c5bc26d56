import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { RecurringOverride } from '../../src/client/recurring-options.js';
import { CalendarInUseError, InvalidOptionsError, InvalidScheduleError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { cron } from '../../src/schedule/cron.js';
import { every } from '../../src/schedule/every.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const report = defineJob({
  name: 'report',
  args: z.object({ region: z.string() }),
  handler: ({ region }) => region,
});

beforeEach(async () => {
  await client.query(
    'truncate firelock.recurring_jobs, firelock.recurring_runs, firelock.jobs, firelock.calendars',
  );
});

async function add(schedule = cron.yearly({ month: 7 }), options = {}) {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('report', report, { region: 'eu' }, schedule, options);
  return firelock;
}

async function jobCount(): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from firelock.jobs',
  );
  return rows[0]?.count ?? 0;
}

test('a recurring job can be read with all that was said of it', async () => {
  const startAt = new Date('2030-01-01T00:00:00Z');
  const firelock = await add(cron.daily(2), {
    timeZone: 'Asia/Seoul',
    startAt,
    misfire: 'skip',
    misfireGrace: '5m',
    overlap: 'queue-one',
    tolerance: '10s',
    jitter: 0,
    queue: 'reports',
  });
  const read = await firelock.getRecurring('report');
  expect(read).toMatchObject({
    id: 'report',
    name: 'report',
    args: { region: 'eu' },
    queue: 'reports',
    schedule: '0 2 * * *',
    timeZone: 'Asia/Seoul',
    startAt,
    endAt: undefined,
    misfire: 'skip',
    misfireGraceMs: 300_000,
    overlap: 'queue-one',
    toleranceMs: 10_000,
    nextRunAt: new Date('2030-01-01T17:00:00Z'),
    isLate: false,
    pause: undefined,
    override: undefined,
    error: undefined,
    hasHandler: undefined,
  });
  expect(await firelock.listRecurring()).toEqual([read]);
  expect(await firelock.getRecurring('unknown')).toBeUndefined();
});

test('a pause says who, why and until when; deploying again does not end it', async () => {
  const firelock = await add();
  expect(await firelock.pauseRecurring('report', { by: 'ann', reason: 'the API is down', until: '2h' })).toBe(
    true,
  );
  await add();
  const { pause } = (await firelock.getRecurring('report')) ?? {};
  expect(pause).toMatchObject({ by: 'ann', reason: 'the API is down' });
  expect((pause?.until?.getTime() ?? 0) - (pause?.at.getTime() ?? 0)).toBe(2 * 3_600_000);
  expect(await firelock.pauseRecurring('report', { by: 'bob' })).toBe(true);
  expect((await firelock.getRecurring('report'))?.pause).toMatchObject({
    by: 'bob',
    until: undefined,
    at: pause?.at,
  });
  expect(await firelock.resumeRecurring('report')).toBe(true);
  expect(await firelock.resumeRecurring('report')).toBe(false);
  expect((await firelock.getRecurring('report'))?.pause).toBeUndefined();
  expect(await firelock.pauseRecurring('unknown')).toBe(false);
  expect(await firelock.resumeRecurring('unknown')).toBe(false);
});

test('a pause longer than an interval starts no burst: one run, at its time', async () => {
  const firelock = await add(every('2s'));
  await firelock.pauseRecurring('report');
  await startServer(firelock, { jobs: [report] });
  const paused = (await firelock.getRecurring('report'))?.nextRunAt ?? new Date();
  await eventually('three occurrences have passed', () => Date.now() > paused.getTime() + 6000, 15_000);
  expect(await jobCount()).toBe(0);
  await firelock.resumeRecurring('report');
  const next = (await firelock.getRecurring('report'))?.nextRunAt;
  expect(next?.getTime()).toBeGreaterThan(Date.now() - 100);
  await eventually('it ran', async () => (await jobCount()) === 1);
  const [run] = await firelock.listRecurringRuns('report');
  expect(run).toMatchObject({ kind: 'fired', occurrence: next });
}, 30_000);

test('a pause ends by itself, without making up for what it left out', async () => {
  const firelock = await add(every('1s'));
  await firelock.pauseRecurring('report', { until: '3s' });
  await startServer(firelock, { jobs: [report] });
  await eventually(
    'it is over',
    async () => (await firelock.getRecurring('report'))?.pause === undefined,
    10_000,
  );
  expect(await jobCount()).toBeLessThanOrEqual(1);
  await eventually('it runs again', async () => (await jobCount()) >= 2);
}, 30_000);

test('an override stays through deploys until it is dropped', async () => {
  const firelock = await add(cron.daily(2));
  const override = { schedule: '0 3 * * *', timeZone: 'Asia/Seoul', args: { region: 'us' }, queue: 'slow' };
  expect(await firelock.overrideRecurring('report', override, { by: 'ann', reason: 'less load' })).toBe(true);
  await add(cron.daily(4));
  const read = await firelock.getRecurring('report');
  expect(read).toMatchObject({
    ...override,
    override: { ...override, by: 'ann', reason: 'less load' },
    definition: { schedule: '0 4 * * *', timeZone: 'UTC', args: { region: 'eu' }, queue: 'default' },
  });
  expect(read?.nextRunAt?.toISOString()).toContain('T18:00:00');
  expect(await firelock.dropRecurringOverride('report')).toBe(true);
  const dropped = await firelock.getRecurring('report');
  expect(dropped).toMatchObject({
    schedule: '0 4 * * *',
    args: { region: 'eu' },
    queue: 'default',
    override: undefined,
  });
  expect(dropped?.nextRunAt?.toISOString()).toContain('T04:00:00');
  expect(await firelock.overrideRecurring('unknown', override)).toBe(false);
  expect(await firelock.dropRecurringOverride('unknown')).toBe(false);
});

test('runs take what the override says', async () => {
  const firelock = await add();
  await startServer(firelock, { jobs: [report], queues: { slow: 1 } });
  await firelock.overrideRecurring('report', { args: { region: 'us' }, queue: 'slow' });
  const id = await firelock.triggerRecurring('report');
  expect(await jobInState(firelock, id ?? '', 'succeeded')).toMatchObject({ result: 'us', queue: 'slow' });
});

test('a run by hand may have args of its own, and says who wanted it', async () => {
  const firelock = await add();
  await startServer(firelock, { jobs: [report] });
  await firelock.pauseRecurring('report');
  const id = await firelock.triggerRecurring('report', {
    args: { region: 'kr' },
    by: 'ann',
    reason: 'asked for',
  });
  expect(await jobInState(firelock, id ?? '', 'succeeded')).toMatchObject({
    result: 'kr',
    occurrence: undefined,
  });
  expect(await firelock.listRecurringRuns('report')).toMatchObject([
    { number: 1, kind: 'by hand', jobId: id, state: 'succeeded', by: 'ann', reason: 'asked for' },
  ]);
});

test.each<[object, typeof InvalidScheduleError | typeof InvalidOptionsError]>([
  [{ schedule: '61 * * * *' }, InvalidScheduleError],
  [{ timeZone: 'Mars/Olympus' }, InvalidScheduleError],
  [{}, InvalidOptionsError],
  [{ scedule: '0 3 * * *' }, InvalidOptionsError],
  [{ queue: 'no spaces' }, InvalidOptionsError],
])('the override %j is refused, and nothing is changed', async (override, problem) => {
  const firelock = await add();
  const before = await firelock.getRecurring('report');
  await expect(firelock.overrideRecurring('report', override as RecurringOverride)).rejects.toThrow(problem);
  expect(await firelock.getRecurring('report')).toEqual(before);
});

test.each([
  [{ misfireGrace: '5m' }, /misfireGrace: means something only with misfire: 'skip'/],
  [{ misfire: 'skip', misfireLimit: 5 }, /misfireLimit: means something only with misfire: 'all'/],
  [{ misfire: 'all', misfireLimit: 501 }, /misfireLimit/],
  [{ misfire: 'never' }, /misfire/],
  [{ overlap: 'sometimes' }, /overlap/],
  [{ jitter: '2 days' }, /a day at most/],
  [{ misfires: 'once' }, /did you mean 'misfire'/],
])('the options %j are refused', async (options, problem) => {
  await expect(add(cron.daily(), options)).rejects.toThrow(problem);
  expect(await openFirelock(url).getRecurring('report')).toBeUndefined();
});

test('a calendar moves the next runs of those that name it, and cannot be removed while one does', async () => {
  const firelock = openFirelock(url);
  await expect(add('0 9 * * *', { calendars: ['closed'] })).rejects.toThrow("addOrUpdateCalendar('closed'");
  await firelock.addOrUpdateCalendar('closed', { dates: ['2029-06-01'] });
  await add('0 9 * * *', { calendars: ['closed'], startAt: new Date('2029-06-01T00:00:00Z') });
  expect((await firelock.getRecurring('report'))?.nextRunAt).toEqual(new Date('2029-06-02T09:00:00Z'));
  await firelock.addOrUpdateCalendar('closed', { dates: ['2029-06-01', '2029-06-02'] });
  expect((await firelock.getRecurring('report'))?.nextRunAt).toEqual(new Date('2029-06-03T09:00:00Z'));
  await expect(firelock.removeCalendar('closed')).rejects.toThrow(CalendarInUseError);
  await expect(firelock.addOrUpdateCalendar('closed', { dates: ['soon'] })).rejects.toThrow(
    InvalidScheduleError,
  );
  await firelock.removeRecurring('report');
  expect(await firelock.removeCalendar('closed')).toBe(true);
  expect(await firelock.removeCalendar('closed')).toBe(false);
});

test('a definition that a later start of the program does not repeat is said to have vanished', async () => {
  const firelock = await add();
  await firelock.addOrUpdateRecurring('other', report, { region: 'eu' }, cron.yearly());
  expect((await firelock.listRecurring()).map(({ definition }) => definition.hasVanished)).toEqual([
    false,
    false,
  ]);
  // An earlier start, two minutes ago, defined both; the latest one only the other.
  await client.query(
    `update firelock.recurring_jobs
     set defined_at = defined_at - interval '10 min', definer_since = definer_since - interval '10 min'
     where id = 'report'`,
  );
  await client.query(
    `update firelock.recurring_jobs
     set defined_at = defined_at - interval '2 min', definer_since = definer_since - interval '2 min'
     where id = 'other'`,
  );
  const vanished = async () => (await firelock.getRecurring('report'))?.definition.hasVanished;
  expect(await vanished()).toBe(true);
  await client.query(`update firelock.recurring_jobs set defined_by = 'another.js' where id = 'other'`);
  expect(await vanished()).toBe(false);
});

test('one that is late is said to be, unless it is paused', async () => {
  const firelock = await add();
  await client.query(`update firelock.recurring_jobs set next_run_at = now() - interval '2 min'`);
  expect((await firelock.getRecurring('report'))?.isLate).toBe(true);
  await firelock.pauseRecurring('report');
  expect((await firelock.getRecurring('report'))?.isLate).toBe(false);
});
