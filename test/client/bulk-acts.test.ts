import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { InvalidOptionsError, MoreJobsMatchError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { listAuditLog } from '../../src/storage/audit-log.js';
import { findBulkAct, listBulkActs } from '../../src/storage/bulk-acts.js';
import { endedBulkAct, openBulkActs, putMany } from '../bulk-acts.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { connect, jobInState, openFirelock, silent, startServer } from '../firelock.js';
import { searchOf } from '../search/search-of.js';

const url = await fileDatabase();
const client = await fileConnection(url);

beforeEach(() => client.query('delete from firelock.jobs'));

function open() {
  const opened = openBulkActs(url, silent);
  onTestFinished(() => opened.close());
  return opened;
}

/** How many jobs of the name are in each state, and how many acts their histories tell of. */
async function standing(name: string) {
  const { rows } = await client.query<{ state: string; jobs: number; acts: number }>(
    `select state, count(*)::integer as jobs,
       sum((select count(*) from firelock.transitions where job_id = jobs.id and acted_by is not null))::integer as acts
     from firelock.jobs where name = $1 group by state order by state`,
    [name],
  );
  return rows;
}

/** Lets a batch wait: the job's row is locked until the connection ends. */
async function holdJob(id: string) {
  const holder = await connect(url);
  await holder.query('begin');
  await holder.query('select from firelock.jobs where id = $1 for update', [id]);
  return () => holder.query('rollback');
}

const waitsForLock = () =>
  eventually('a batch waits for the held job', async () => {
    const { rows } = await client.query(
      `select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%order by id for update%'`,
    );
    return rows.length > 0;
  });

async function abandon(id: string): Promise<void> {
  await client.query("update firelock.bulk_acts set beat_at = now() - interval '11 s' where id = $1", [id]);
}

test('all dead letters that match are retried, each once, and the audit log says so twice (I12)', async () => {
  const { bulkActs, database } = open();
  await putMany(client, { name: 'mended', state: 'dead', count: 2345 });
  await putMany(client, { name: 'other', state: 'dead', count: 10 });
  const request = { act: 'retry', state: 'dead', search: searchOf('name:mended -error:"no 7"') } as const;
  const id = await bulkActs.start({ ...request, by: 'ada', reason: 'mail is back' });
  // 7, 70 to 79, 700 to 799
  expect(await endedBulkAct(database, id)).toMatchObject({
    applied: 2234,
    seen: 2355,
    ending: 'finished',
    by: 'ada',
    reason: 'mail is back',
    query: 'name:mended -error:"no 7"',
  });
  expect(await standing('mended')).toEqual([
    { state: 'dead', jobs: 111, acts: 0 },
    { state: 'enqueued', jobs: 2234, acts: 2234 },
  ]);
  expect(await standing('other')).toEqual([{ state: 'dead', jobs: 10, acts: 0 }]);
  const { entries } = await listAuditLog(database.kysely, { limit: 2 });
  const target = 'state:dead name:mended -error:"no 7"';
  expect(entries).toMatchObject([
    { by: 'ada', act: 'retry: finished', subject: 'jobs', target, after: { applied: 2234 } },
    { by: 'ada', act: 'retry', subject: 'jobs', target, after: { matching: { count: expect.any(Number) } } },
  ]);
  expect(await listBulkActs(database.kysely, 1)).toMatchObject([{ id }]);
});

test('a preview tells how many match, shows some, and whether the act applies to them', async () => {
  const { bulkActs } = open();
  await putMany(client, { name: 'seen', state: 'dead', count: 12 });
  const search = searchOf('name:seen');
  const preview = await bulkActs.preview({ act: 'retry', state: 'dead', search });
  expect(preview).toMatchObject({ matching: { count: 12 }, applicable: { count: 12 } });
  expect(preview.examples.map(({ name }) => name)).toEqual(Array.from({ length: 5 }, () => 'seen'));
  const inapplicable = await bulkActs.preview({ act: 'reschedule', state: 'dead', search });
  expect(inapplicable).toMatchObject({ matching: { count: 12 }, applicable: { count: 0, isExact: true } });
});

test('nothing is started when more match than was said, or the act applies to none of the state', async () => {
  const { bulkActs, database } = open();
  await putMany(client, { name: 'more', state: 'dead', count: 3 });
  const before = await listBulkActs(database.kysely, 100);
  const request = { act: 'retry', state: 'dead', search: searchOf('name:more'), by: 'ada' } as const;
  await expect(bulkActs.start({ ...request, expectedAtMost: 2 })).rejects.toThrow(MoreJobsMatchError);
  await expect(bulkActs.start({ ...request, state: 'succeeded' })).rejects.toThrow(
    "'retry' does not apply to jobs that are succeeded; it does to failed, dead",
  );
  await expect(bulkActs.start({ ...request, by: '' })).rejects.toThrow(InvalidOptionsError);
  await expect(bulkActs.start({ ...request, act: 'reschedule', state: 'failed' })).rejects.toThrow(/when/);
  await expect(bulkActs.start({ ...request, when: '1h' })).rejects.toThrow(/when/);
  expect(await listBulkActs(database.kysely, 100)).toEqual(before);
  expect(await standing('more')).toEqual([{ state: 'dead', jobs: 3, acts: 0 }]);
  await endedBulkAct(database, await bulkActs.start({ ...request, expectedAtMost: 3 }));
  expect(await standing('more')).toEqual([{ state: 'enqueued', jobs: 3, acts: 3 }]);
});

test('jobs that are rescheduled stand later in the list, and are rescheduled once', async () => {
  const { bulkActs, database } = open();
  await putMany(client, { name: 'later', state: 'scheduled', count: 1500 });
  const request = {
    act: 'reschedule',
    state: 'scheduled',
    search: searchOf('name:later'),
    by: 'ada',
  } as const;
  const id = await bulkActs.start({ ...request, when: '100d' });
  expect(await endedBulkAct(database, id)).toMatchObject({ applied: 1500, ending: 'finished' });
  expect(await standing('later')).toEqual([{ state: 'scheduled', jobs: 1500, acts: 1500 }]);
  const { rows } = await client.query("select distinct run_at from firelock.jobs where name = 'later'");
  expect(rows).toHaveLength(1);
});

test('a job that fails again meanwhile, or comes into the state, is left alone: the act ends', async () => {
  const { bulkActs, database } = open();
  const firelock = openFirelock(url);
  const doomed = defineJob({
    name: 'doomed',
    retry: { attempts: 1 },
    handler: () => Promise.reject(new Error('no')),
  });
  const ids = await putMany(client, { name: 'doomed', state: 'dead', count: 1200 });
  await client.query("update firelock.jobs set queue = 'default' where name = 'doomed'");
  const release = await holdJob(ids.at(-1) ?? '');
  const request = { act: 'retry', state: 'dead', search: searchOf('name:doomed'), by: 'ada' } as const;
  const id = await bulkActs.start(request);
  await waitsForLock();
  await startServer(firelock, { jobs: [doomed], queues: { default: 50 } });
  const late = await firelock.enqueue(doomed);
  await jobInState(firelock, late, 'dead');
  // One more dead letter after the start, in the middle of what is still to come.
  await client.query("update firelock.jobs set finished_at = now() - interval '2 h' where id = $1", [late]);
  await client.query("update firelock.jobs set created_at = now() - interval '3 h' where id = $1", [late]);
  await release();
  expect(await endedBulkAct(database, id)).toMatchObject({ applied: 1200, ending: 'finished' });
  await eventually('all have failed again', async () => (await standing('doomed'))[0]?.jobs === 1201);
  expect(await standing('doomed')).toEqual([{ state: 'dead', jobs: 1201, acts: 1200 }]);
});

test('jobs that are enqueued after the start of a deletion are not deleted', async () => {
  const { bulkActs, database } = open();
  const firelock = openFirelock(url);
  const fresh = defineJob({ name: 'fresh', queue: 'fresh' });
  const ids = await firelock.enqueueMany(
    fresh,
    Array.from({ length: 1200 }, () => undefined),
  );
  const release = await holdJob(ids[0] ?? '');
  const search = searchOf('queue:fresh');
  const id = await bulkActs.start({ act: 'delete', state: 'enqueued', search, by: 'ada' });
  await waitsForLock();
  const late = await firelock.enqueue(fresh);
  await release();
  expect(await endedBulkAct(database, id)).toMatchObject({ applied: 1200, seen: 1201 });
  expect(await firelock.getJob(late)).toMatchObject({ state: 'enqueued' });
});

test('a job that moves on while its batch waits is left where it is (I2)', async () => {
  const { bulkActs, database } = open();
  const ids = await putMany(client, { name: 'moving', state: 'dead', count: 20 });
  const moving = await connect(url);
  await moving.query('begin');
  await moving.query("update firelock.jobs set state = 'deleted' where id = $1", [ids[5]]);
  const id = await bulkActs.start({
    act: 'retry',
    state: 'dead',
    search: searchOf('name:moving'),
    by: 'ada',
  });
  await waitsForLock();
  await moving.query('commit');
  expect(await endedBulkAct(database, id)).toMatchObject({ applied: 19, ending: 'finished' });
  expect(await standing('moving')).toEqual([
    { state: 'deleted', jobs: 1, acts: 0 },
    { state: 'enqueued', jobs: 19, acts: 19 },
  ]);
});

test('a stop ends it after the batch under way', async () => {
  const { bulkActs, database } = open();
  const ids = await putMany(client, { name: 'stopped', state: 'dead', count: 3500 });
  const release = await holdJob(ids[1500] ?? '');
  const id = await bulkActs.start({
    act: 'retry',
    state: 'dead',
    search: searchOf('name:stopped'),
    by: 'ada',
  });
  await waitsForLock();
  expect(await findBulkAct(database.kysely, id)).toMatchObject({ applied: 1000, endedAt: undefined });
  const stopping = bulkActs.stop(id, 'bob');
  await eventually('the stop waits for the batch', async () => {
    const { rows } = await client.query(
      `select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like 'update "firelock"."bulk_acts"%'`,
    );
    return rows.length === 1;
  });
  await release();
  expect(await stopping).toMatchObject({ ending: 'stopped', applied: 2000 });
  await bulkActs.close();
  expect(await standing('stopped')).toEqual([
    { state: 'dead', jobs: 1500, acts: 0 },
    { state: 'enqueued', jobs: 2000, acts: 2000 },
  ]);
  expect(await bulkActs.stop(id, 'bob')).toBeUndefined();
  const { entries } = await listAuditLog(database.kysely, { limit: 1 });
  expect(entries).toMatchObject([{ by: 'bob', act: 'retry: stopped', after: { applied: 2000 } }]);
});

test('closing waits for the batch under way, and another process goes on with the rest', async () => {
  const { bulkActs, database } = open();
  const ids = await putMany(client, { name: 'left', state: 'dead', count: 2500 });
  const release = await holdJob(ids[1500] ?? '');
  const id = await bulkActs.start({ act: 'retry', state: 'dead', search: searchOf('name:left'), by: 'ada' });
  await waitsForLock();
  const closed = bulkActs.close();
  await release();
  await closed;
  expect(await findBulkAct(database.kysely, id)).toMatchObject({ applied: 2000, endedAt: undefined });
  const other = open();
  expect(await other.bulkActs.resume(id)).toBe(false);
  await abandon(id);
  expect(await other.bulkActs.resume(id)).toBe(true);
  expect(await endedBulkAct(database, id)).toMatchObject({ applied: 2500, ending: 'finished' });
  expect(await standing('left')).toEqual([{ state: 'enqueued', jobs: 2500, acts: 2500 }]);
  expect(await other.bulkActs.resume(id)).toBe(false);
});

test('a process is killed in the middle: another goes on, and each job is retried once', async () => {
  const { bulkActs, database } = open();
  const ids = await putMany(client, { name: 'killed', state: 'dead', count: 2500 });
  const release = await holdJob(ids[1500] ?? '');
  const worker = spawn(process.execPath, ['--import', 'tsx', 'test/client/bulk-worker.ts', url, 'killed'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(worker.stdout, 'data')) as [Buffer];
  const id = said.toString();
  await waitsForLock();
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  await release();
  await eventually('Postgres has dropped the transaction of the killed process', async () => {
    const { rowCount } = await client.query(
      'select from firelock.bulk_acts where id = $1 for update skip locked',
      [id],
    );
    return rowCount === 1;
  });
  expect(await findBulkAct(database.kysely, id)).toMatchObject({ applied: 1000, endedAt: undefined });
  await abandon(id);
  expect(await bulkActs.resume(id)).toBe(true);
  expect(await endedBulkAct(database, id)).toMatchObject({ applied: 2500, by: 'killed' });
  expect(await standing('killed')).toEqual([{ state: 'enqueued', jobs: 2500, acts: 2500 }]);
});

test('what cannot be carried out is tried again, then ends as failed and says why', async () => {
  const { bulkActs, database } = open();
  await putMany(client, { name: 'barred', state: 'dead', count: 2 });
  await client.query(`
    create function firelock.bar() returns trigger language plpgsql as $$ begin raise 'not today'; end $$;
    create trigger bar before update on firelock.jobs for each row when (old.name = 'barred') execute function firelock.bar()`);
  const id = await bulkActs.start({
    act: 'delete',
    state: 'dead',
    search: searchOf('name:barred'),
    by: 'ada',
  });
  expect(await endedBulkAct(database, id)).toMatchObject({
    ending: 'failed',
    applied: 0,
    error: 'error: not today',
  });
  const { entries } = await listAuditLog(database.kysely, { limit: 1 });
  expect(entries).toMatchObject([{ act: 'delete: failed', after: { error: 'error: not today' } }]);
});

test('running jobs that are deleted are told to stop', async () => {
  const { bulkActs, database } = open();
  const firelock = openFirelock(url);
  const endless = defineJob({
    name: 'endless',
    queue: 'endless',
    handler: (_args, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  });
  await startServer(firelock, { jobs: [endless] });
  const id = await firelock.enqueue(endless);
  await jobInState(firelock, id, 'processing');
  const search = searchOf('name:endless');
  await endedBulkAct(
    database,
    await bulkActs.start({ act: 'delete', state: 'processing', search, by: 'ada' }),
  );
  await eventually(
    'its handler has ended',
    async () => (await firelock.getJob(id))?.history.at(-1)?.ending !== undefined,
  );
});

test('an act that is not there is neither found, nor stopped, nor resumed', async () => {
  const { bulkActs, database } = open();
  for (const id of ['999999', 'x', '', '9'.repeat(30)]) {
    expect(await findBulkAct(database.kysely, id)).toBeUndefined();
    expect(await bulkActs.stop(id, 'ada')).toBeUndefined();
    expect(await bulkActs.resume(id)).toBe(false);
  }
});
