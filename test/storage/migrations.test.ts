import { expect, test } from 'vitest';
import { NewerSchemaError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { migrationNames } from '../../src/storage/migration-state.js';
import { fileConnection, fileDatabase } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const ping = defineJob({ name: 'ping', handler: () => 'pong' });

test('several processes may migrate at once: each migration is applied once', async () => {
  const processes = Array.from({ length: 6 }, () => openFirelock(url, { schema: 'raced' }));
  const applied = await Promise.all(processes.map((firelock) => firelock.migrate()));
  expect(applied.flat()).toEqual(await migrationNames());
});

test('migrating again changes nothing', async () => {
  expect(await openFirelock(url).migrate()).toEqual([]);
});

test('several installations live in one database and see nothing of each other', async () => {
  const one = openFirelock(url, { schema: 'one' });
  const two = openFirelock(url, { schema: 'two' });
  await Promise.all([one.migrate(), two.migrate()]);
  await startServer(two, { jobs: [ping] });
  const [first, second] = await Promise.all([one.enqueue(ping), two.enqueue(ping)]);
  await jobInState(two, second, 'succeeded');
  expect(await one.getJob(first)).toMatchObject({ state: 'enqueued' });
});

test('a database that a newer release has migrated is refused, by client, server and migrate', async () => {
  const firelock = openFirelock(url, { schema: 'newer' });
  await firelock.migrate();
  await client.query(`insert into newer.migrations (name, timestamp) values ('9999_future', '2030-01-01')`);
  await expect(firelock.enqueue(ping)).rejects.toThrow(NewerSchemaError);
  await expect(firelock.migrate()).rejects.toThrow(/'9999_future'.*Upgrade/);
  await expect(firelock.createServer({ jobs: [ping] }).start()).rejects.toThrow(NewerSchemaError);
});

test('a failing migration leaves nothing behind', async () => {
  const firelock = openFirelock(url, { schema: 'half' });
  await client.query('create schema half');
  await client.query('create table half.recurring_jobs (id integer)');
  await expect(firelock.migrate()).rejects.toThrow(/already exists/);
  const { rows } = await client.query("select to_regclass('half.jobs') as jobs");
  expect(rows).toEqual([{ jobs: null }]);
});
