import { beforeEach, expect, test } from 'vitest';
import {
  deleteRecurringJob,
  type RecurringDefinition,
  upsertRecurringJob,
} from '../../src/storage/define-recurring-job.js';
import { pauseRecurringJob } from '../../src/storage/pause-recurring-job.js';
import { findDueRecurringJobs } from '../../src/storage/due-recurring-jobs.js';
import {
  type Firing,
  fireByHand,
  firePending,
  fireRecurringJobs,
} from '../../src/storage/fire-recurring-jobs.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const DUE = new Date('2001-02-03T04:05:06Z');
const NEXT = new Date('2101-02-03T04:05:06Z');
const OTHER = new Date('2102-02-03T04:05:06Z');
let firings: readonly Firing[];

const definition = (schedule: string): RecurringDefinition => ({
  id: 'report',
  name: 'job',
  args: 'null',
  queue: 'default',
  priority: 2,
  attemptLimit: 3,
  schedule,
  timeZone: 'UTC',
  startAt: undefined,
  endAt: undefined,
  calendars: [],
  jitterMs: 0,
  misfire: 'once',
  misfireGraceMs: 60_000,
  misfireLimit: 100,
  overlap: 'allow',
  toleranceMs: 60_000,
});

function define(executor: Executor, schedule: string, next: Date): Promise<void> {
  const definer = { program: 'test', since: new Date() };
  return upsertRecurringJob(executor, definition(schedule), { next, definer });
}

// One recurring job that is due, and every server has seen it.
beforeEach(async () => {
  await client.query('delete from firelock.jobs');
  await client.query('delete from firelock.recurring_jobs');
  await define(database, '0 0 * * *', DUE);
  const due = await findDueRecurringJobs(database, 10);
  firings = due.map(({ id, due, dueAt }) => ({
    id,
    due,
    next: NEXT,
    fire: [dueAt],
    skip: [],
    pending: undefined,
    missed: undefined,
  }));
});

const fire = async (executor: Executor) =>
  (await fireRecurringJobs(executor, firings)).flatMap(({ jobs }) => jobs).length;
const removeIt = (executor: Executor) => deleteRecurringJob(executor, 'report');
const changeSchedule = (executor: Executor) => define(executor, '1 1 * * *', OTHER);

async function instantsOfJobs(): Promise<readonly (Date | null)[]> {
  const { rows } = await client.query<{ occurrence: Date | null }>(
    'select occurrence from firelock.jobs order by id',
  );
  return rows.map(({ occurrence }) => occurrence);
}

async function nextInstant(): Promise<Date | undefined> {
  const { rows } = await client.query<{ next: Date }>(
    'select next_run_at as next from firelock.recurring_jobs',
  );
  return rows[0]?.next;
}

test('of two servers that fire an occurrence at once, one creates its job, and neither waits (I7)', async () => {
  const { first, second, waited } = await race(url, [fire, fire]);
  expect({ first, second, waited }).toEqual({ first: 1, second: 0, waited: false });
  expect(await instantsOfJobs()).toEqual([DUE]);
  expect(await nextInstant()).toEqual(NEXT);
});

test('an occurrence whose firing was rolled back stays due, and the next server fires it (I7)', async () => {
  await race(url, [fire, fire], 'rollback');
  expect(await instantsOfJobs()).toEqual([]);
  expect(await fire(database)).toBe(1);
  expect(await fire(database)).toBe(0);
  expect(await instantsOfJobs()).toEqual([DUE]);
});

test('a recurring job that is being removed does not fire', async () => {
  const { first, second, waited } = await race(url, [removeIt, fire]);
  expect({ first, second, waited }).toEqual({ first: true, second: 0, waited: false });
  expect(await instantsOfJobs()).toEqual([]);
});

test('a removal that waits for a firing removes the recurring job and leaves the job that it created', async () => {
  const { first, second, waited } = await race(url, [fire, removeIt]);
  expect({ first, second, waited }).toEqual({ first: 1, second: true, waited: true });
  expect(await instantsOfJobs()).toEqual([DUE]);
  expect(await nextInstant()).toBeUndefined();
});

test('of two removals one is told that there was nothing left to remove', async () => {
  const { first, second, waited } = await race(url, [removeIt, removeIt]);
  expect({ first, second, waited }).toEqual({ first: true, second: false, waited: true });
});

test('an occurrence of a schedule that is being replaced does not fire', async () => {
  const { second, waited } = await race(url, [changeSchedule, fire]);
  expect({ second, waited }).toEqual({ second: 0, waited: false });
  expect(await fire(database)).toBe(0);
  expect(await instantsOfJobs()).toEqual([]);
  expect(await nextInstant()).toEqual(OTHER);
});

test('a new schedule that waits for a firing holds from then on (I7)', async () => {
  const { waited } = await race(url, [fire, changeSchedule]);
  expect(waited).toBe(true);
  expect(await instantsOfJobs()).toEqual([DUE]);
  expect(await nextInstant()).toEqual(OTHER);
});

test('the same definition, deployed again while it fires, neither skips nor repeats an occurrence (I7)', async () => {
  const deploy = (executor: Executor) => define(executor, '0 0 * * *', OTHER);
  const { waited } = await race(url, [fire, deploy]);
  expect(waited).toBe(true);
  expect(await instantsOfJobs()).toEqual([DUE]);
  expect(await nextInstant()).toEqual(NEXT);
});

test('a run by hand beside a firing is a job of its own and leaves the schedule alone (I7)', async () => {
  await race(url, [
    fire,
    (executor) => fireByHand(executor, { id: 'report', args: undefined, by: undefined, reason: undefined }),
  ]);
  expect(await instantsOfJobs()).toEqual([DUE, null]);
  expect(await nextInstant()).toEqual(NEXT);
});

test('an occurrence that waits for an earlier run is fired once, by whoever comes first (I7)', async () => {
  await client.query('update firelock.recurring_jobs set pending = $1', [DUE]);
  const firePendingOnes = async (executor: Executor) => (await firePending(executor, 10)).length;
  const { first, second, waited } = await race(url, [firePendingOnes, firePendingOnes]);
  expect({ first, second, waited }).toEqual({ first: 1, second: 0, waited: false });
  expect(await instantsOfJobs()).toEqual([DUE]);
});

test('a recurring job that is being paused does not fire', async () => {
  const pause = (executor: Executor) =>
    pauseRecurringJob(executor, 'report', {
      until: undefined,
      forMs: undefined,
      by: undefined,
      reason: undefined,
    });
  const { first, second, waited } = await race(url, [pause, fire]);
  expect({ first, second, waited }).toEqual({ first: true, second: 0, waited: false });
  expect(await fire(database)).toBe(0);
  expect(await instantsOfJobs()).toEqual([]);
});
