import { expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidScheduleError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { cron } from '../../src/schedule/cron.js';
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

interface Row {
  readonly next_run_at: Date;
  readonly queue: string;
}

async function find(id: string): Promise<Row | undefined> {
  return (await client.query<Row>('select * from firelock.recurring_jobs where id = $1', [id])).rows[0];
}

async function makeDue(id: string): Promise<void> {
  await client.query(
    "update firelock.recurring_jobs set next_run_at = now() - interval '1 hour' where id = $1",
    [id],
  );
}

async function jobsOf(id: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select id from firelock.jobs where recurring_job_id = $1',
    [id],
  );
  return rows.map((row) => row.id);
}

test('the next run is computed in the time zone asked for', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('seoul', report, { region: 'kr' }, cron.daily(2), {
    timeZone: 'Asia/Seoul',
  });
  expect((await find('seoul'))?.next_run_at.toISOString()).toMatch(/T17:00:00\.000Z$/);
});

test('adding the same schedule again does not move its next run, a changed one does', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('same', report, { region: 'a' }, cron.daily(2));
  await makeDue('same');
  const due = (await find('same'))?.next_run_at;
  await firelock.addOrUpdateRecurring('same', report, { region: 'b' }, cron.daily(2), { queue: 'other' });
  expect(await find('same')).toMatchObject({ next_run_at: due, queue: 'other', args: { region: 'b' } });
  await firelock.addOrUpdateRecurring('same', report, { region: 'b' }, cron.daily(3));
  expect((await find('same'))?.next_run_at.getTime()).toBeGreaterThan(Date.now());
});

test('I7: a due occurrence creates one job, whatever the number of servers', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('once', report, { region: 'eu' }, cron.hourly());
  await makeDue('once');
  await Promise.all(Array.from({ length: 4 }, () => startServer(firelock, { jobs: [report] })));
  await eventually(
    'the schedule has moved on',
    async () => Number((await find('once'))?.next_run_at) > Date.now(),
  );
  expect(await jobsOf('once')).toHaveLength(1);
});

test('a recurring job every second runs at its instants, and the job knows which', async () => {
  const firelock = openFirelock(url);
  const seen: (Date | undefined)[] = [];
  const tick = defineJob({ name: 'tick', handler: (_args, { job }) => void seen.push(job.occurrence) });
  await startServer(firelock, { jobs: [tick] });
  await firelock.addOrUpdateRecurring('tick', tick, undefined, '* * * * * *');
  await eventually('it ran three times', () => seen.length >= 3);
  const instants = seen.map(Number);
  expect(instants.map((instant) => instant % 1000)).toEqual(instants.map(() => 0));
  expect(new Set(instants).size).toBe(instants.length);
  expect(await firelock.removeRecurring('tick')).toBe(true);
});

test('triggerRecurring runs it now and leaves the schedule alone', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [report] });
  await firelock.addOrUpdateRecurring('by-hand', report, { region: 'us' }, cron.yearly());
  const before = await find('by-hand');
  const id = await firelock.triggerRecurring('by-hand');
  expect(await jobInState(firelock, id ?? '', 'succeeded')).toMatchObject({
    result: 'us',
    recurringJobId: 'by-hand',
  });
  expect((await find('by-hand'))?.next_run_at).toEqual(before?.next_run_at);
  expect(await firelock.triggerRecurring('unknown')).toBeUndefined();
});

test('removeRecurring says whether there was one', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('gone', report, { region: 'eu' }, cron.daily());
  expect(await firelock.removeRecurring('gone')).toBe(true);
  expect(await firelock.removeRecurring('gone')).toBe(false);
});

test.each([[''], ['* * * *'], ['61 * * * *'], ['* * * * * * *']])(
  'the schedule %j is refused',
  async (schedule) => {
    const firelock = openFirelock(url);
    await expect(firelock.addOrUpdateRecurring('bad', report, { region: 'eu' }, schedule)).rejects.toThrow(
      InvalidScheduleError,
    );
    expect(await find('bad')).toBeUndefined();
  },
);

test('an unknown time zone is refused, and several processes may add the same recurring job at once', async () => {
  const firelock = openFirelock(url);
  const add = (timeZone: string) =>
    firelock.addOrUpdateRecurring('race', report, { region: 'eu' }, cron.daily(), { timeZone });
  await expect(add('Mars/Olympus')).rejects.toThrow(InvalidScheduleError);
  await Promise.all(Array.from({ length: 10 }, () => add('Europe/Berlin')));
  expect(await find('race')).toBeDefined();
});
