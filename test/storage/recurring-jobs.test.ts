import { beforeEach, expect, test } from 'vitest';
import { listRecurringJobs, nextRecurringJobs } from '../../src/storage/recurring-jobs.js';
import { markStopped, registerServer } from '../../src/storage/servers.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

beforeEach(async () => {
  await client.query('truncate firelock.recurring_jobs, firelock.servers cascade');
  await client.query(
    `insert into firelock.recurring_jobs (id, name, args, queue, priority, attempt_limit, schedule, time_zone, next_run_at)
     select id, name, '{}', 'default', 2, 3, '0 2 * * *', 'UTC', now() + hours * interval '1 hour'
     from (values ('later', 'ship', 3), ('soon', 'bill', 1), ('never', 'bill', null), ('also-soon', 'bill', 1)) as given(id, name, hours)`,
  );
});

test('the recurring jobs that fire next are listed in their order, without those that never will', async () => {
  const next = async (limit: number) => (await nextRecurringJobs(database.kysely, limit)).map(({ id }) => id);
  expect(await next(2)).toEqual(['also-soon', 'soon']);
  expect(await next(10)).toEqual(['also-soon', 'soon', 'later']);
  expect((await listRecurringJobs(database.kysely)).map(({ id }) => id)).toEqual([
    'also-soon',
    'soon',
    'later',
    'never',
  ]);
});

test('a recurring job has a handler if any running server has one; while no server runs, that is not known', async () => {
  const handled = async () =>
    Object.fromEntries(
      (await listRecurringJobs(database.kysely)).map(({ id, hasHandler }) => [id, hasHandler]),
    );
  expect(await handled()).toMatchObject({ later: undefined, soon: undefined });
  const shipper = await registerServer(database, { name: 'one', queues: {}, jobNames: ['ship', 'pack'] });
  await registerServer(database, { name: 'two', queues: {}, jobNames: ['ship'] });
  expect(await handled()).toMatchObject({ later: true, soon: false });
  await registerServer(database, { name: 'three', queues: {}, jobNames: ['bill'] });
  expect(await handled()).toMatchObject({ later: true, soon: true });
  await markStopped(database, shipper);
  expect(await handled()).toMatchObject({ later: true, soon: true });
});

test('while a server without any handler runs, it is known that there is none', async () => {
  await registerServer(database, { name: 'bare', queues: {}, jobNames: [] });
  const [first] = await listRecurringJobs(database.kysely);
  expect(first?.hasHandler).toBe(false);
});
