import { expect, test } from 'vitest';
import { jobLog, progressBars } from '../../src/storage/job-output.js';
import { writeJobOutput } from '../../src/storage/write-job-output.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const { kysely } = database;
const DAY_MS = 24 * 3_600_000;

/** `key` is `attempt.number` of the first line. */
function row(id: string, key: string, ...messages: readonly string[]) {
  const [attempt = 0, number = 0] = key.split('.').map(Number);
  const lines = messages.map((message, place) => `[${place * 10},"info","${message}"]`);
  return { id, attempt, number, sinceMs: performance.now(), lines };
}

async function write(rows: readonly ReturnType<typeof row>[], retentionMs = DAY_MS): Promise<void> {
  await writeJobOutput(database, { rows, bars: [] }, retentionMs);
}

async function messages(query: Parameters<typeof jobLog>[1]): Promise<readonly string[]> {
  const lines = await jobLog(kysely, query);
  return lines.map(({ attempt, number, message }) => `${attempt}.${number} ${message}`);
}

test('the log is read in the order in which it was said, in parts, and from any line on', async () => {
  const jobId = await putJob(client, { state: 'processing', attempt: 2 });
  const other = await putJob(client, { state: 'processing' });
  await write([
    row(jobId, '2.1', 'f'),
    row(other, '1.1', 'x'),
    row(jobId, '1.4', 'd', 'e'),
    row(jobId, '1.1', 'a', 'b', 'c'),
  ]);
  const all = ['1.1 a', '1.2 b', '1.3 c', '1.4 d', '1.5 e', '2.1 f'];
  expect(await messages({ jobId, limit: 10 })).toEqual(all);
  expect(await messages({ jobId, limit: 2 })).toEqual(all.slice(0, 2));
  for (const [place, line] of all.entries()) {
    const [attempt = 0, number = 0] = line.split(' ', 1).flatMap((key) => key.split('.').map(Number));
    const afterLine = { attempt, number };
    expect(await messages({ jobId, afterLine, limit: 10 })).toEqual(all.slice(place + 1));
  }
  expect(await messages({ jobId, attempt: 1, afterLine: { attempt: 1, number: 4 }, limit: 10 })).toEqual([
    '1.5 e',
  ]);
  expect(await messages({ jobId, attempt: 2, limit: 10 })).toEqual(['2.1 f']);
});

test('the time of a line is by the clock of the database', async () => {
  const jobId = await putJob(client, { state: 'processing' });
  await writeJobOutput(
    database,
    { rows: [{ ...row(jobId, '1.1', 'first', 'second'), sinceMs: performance.now() - 60_000 }], bars: [] },
    DAY_MS,
  );
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const [first, second] = await jobLog(kysely, { jobId, limit: 2 });
  const agoMs = Number(rows[0]?.now) - Number(first?.at);
  expect(agoMs).toBeGreaterThanOrEqual(59_999);
  expect(agoMs).toBeLessThan(62_000);
  expect(Number(second?.at) - Number(first?.at)).toBe(10);
});

test('a call whose answer was lost is repeated, and changes nothing; a row may be replaced', async () => {
  const jobId = await putJob(client, { state: 'processing' });
  const rows = [row(jobId, '1.1', 'a', 'b'), row(jobId, '1.3', '1 is missing')];
  await write(rows);
  await write(rows);
  expect(await messages({ jobId, limit: 10 })).toEqual(['1.1 a', '1.2 b', '1.3 1 is missing']);
  await write([row(jobId, '1.3', '2 are missing', 'c')]);
  expect(await messages({ jobId, limit: 10 })).toEqual(['1.1 a', '1.2 b', '1.3 2 are missing', '1.4 c']);
});

test('nothing is written for a job that has expired, or whose retention is half over, and its neighbours are', async () => {
  // It ended an hour ago.
  const jobId = await putJob(client, { state: 'succeeded' });
  const neighbour = await putJob(client, { state: 'processing' });
  const gone = await putJob(client, { state: 'succeeded' });
  await client.query('delete from firelock.jobs where id = $1', [gone]);
  const ids = [gone, jobId, neighbour];
  const rows = ids.map((id) => row(id, '1.1', 'line'));
  const bars = ids.map((id) => ({ id, attempt: 1, name: '', percent: 50 }));
  await writeJobOutput(database, { rows, bars }, DAY_MS / 12);
  const told = async () => {
    const counts = [];
    for (const table of ['job_logs', 'progress_bars'])
      for (const id of ids)
        counts.push((await client.query(`select from firelock.${table} where job_id = $1`, [id])).rowCount);
    return counts;
  };
  expect(await told()).toEqual([0, 0, 1, 0, 0, 1]);
  await writeJobOutput(database, { rows, bars }, DAY_MS);
  expect(await told()).toEqual([0, 1, 1, 0, 1, 1]);
});

test('the bars are those of the latest attempt, the main one first', async () => {
  const jobId = await putJob(client, { state: 'processing', attempt: 2 });
  const bars = [
    { id: jobId, attempt: 1, name: '', percent: 100 },
    { id: jobId, attempt: 2, name: 'upload', percent: 12.5 },
    { id: jobId, attempt: 2, name: '', percent: 0 },
  ];
  await writeJobOutput(database, { rows: [], bars }, DAY_MS);
  expect(await progressBars(kysely, jobId)).toMatchObject([
    { name: undefined, percent: 0, at: expect.any(Date) },
    { name: 'upload', percent: 12.5 },
  ]);
});
