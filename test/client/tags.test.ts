import { beforeEach, expect, test } from 'vitest';
import { InvalidOptionsError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { connect, openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const plain = defineJob({ name: 'plain' });
const tagged = defineJob({ name: 'tagged', tags: ['mail', ' eu '] });
const many = (count: number) => Array.from({ length: count }, (_, n) => `tag ${n}`);

beforeEach(() => client.query('truncate firelock.jobs, firelock.job_tags'));

/** `tag id`, as the table of tags has them. */
async function entries(): Promise<readonly string[]> {
  const { rows } = await client.query<{ entry: string }>(
    `select tag || ' ' || job_id as entry from firelock.job_tags order by job_id, tag collate "C"`,
  );
  return rows.map(({ entry }) => entry);
}

test('a job bears the tags of its definition and those of its call, each once and trimmed', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(tagged, undefined, { tags: ['order:7', 'mail', 'order:7 '] });
  expect((await firelock.getJob(id))?.tags).toEqual(['mail', 'eu', 'order:7']);
  expect(await entries()).toEqual([`eu ${id}`, `mail ${id}`, `order:7 ${id}`]);
});

test('a job without tags has none, and nothing is written of them', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(plain, undefined, { tags: [] });
  expect((await firelock.getJob(id))?.tags).toEqual([]);
  const { rows } = await client.query('select tags from firelock.jobs');
  expect(rows).toEqual([{ tags: null }]);
  expect(await entries()).toEqual([]);
});

test('jobs that share a statement, and those of one call, bear their own tags and keep their order', async () => {
  const firelock = openFirelock(url);
  const single = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      firelock.enqueue(plain, undefined, n % 2 === 0 ? { tags: [`n${n}`] } : {}),
    ),
  );
  const later = await firelock.schedule(plain, undefined, '1h', { tags: ['later'] });
  const both = await firelock.enqueueMany(tagged, [undefined, undefined], { tags: ['both'] });
  for (const [n, id] of single.entries())
    expect((await firelock.getJob(id))?.tags).toEqual(n % 2 === 0 ? [`n${n}`] : []);
  expect(await firelock.getJob(later)).toMatchObject({ state: 'scheduled', tags: ['later'] });
  for (const id of both) expect((await firelock.getJob(id))?.tags).toEqual(['mail', 'eu', 'both']);
  expect(await entries()).toHaveLength(20 + 1 + 6);
});

test('tags are written in the transaction of their job, or not at all', async () => {
  const firelock = openFirelock(url);
  const tx = await connect(url);
  await tx.query('begin');
  await firelock.enqueue(tagged, undefined, { tx });
  await tx.query('rollback');
  expect(await entries()).toEqual([]);
});

test('tags that are too many, too long or empty are refused, and nothing is written', async () => {
  const firelock = openFirelock(url);
  for (const tags of [many(21), ['x'.repeat(129)], ['  '], [''], [7], 'mail'])
    await expect(firelock.enqueue(plain, undefined, { tags: tags as never })).rejects.toThrow(
      InvalidOptionsError,
    );
  await expect(firelock.enqueue(tagged, undefined, { tags: many(19) })).rejects.toThrow(
    "tags: expected 20 tags at most, the 2 of the job's definition among them",
  );
  expect(() => defineJob({ name: 'job', tags: many(21) })).toThrow(InvalidOptionsError);
  expect((await client.query('select from firelock.jobs')).rowCount).toBe(0);
  const id = await firelock.enqueue(tagged, undefined, { tags: [...many(18), 'mail'] });
  expect((await firelock.getJob(id))?.tags).toHaveLength(20);
});

test('what Postgres cannot keep of a tag is replaced', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(plain, undefined, { tags: ['a\0b', '\uD83D'] });
  expect((await firelock.getJob(id))?.tags).toEqual(['a\uFFFDb', '\uFFFD']);
});

test('expiry removes the tags of the jobs that it removes, and no others', async () => {
  const firelock = openFirelock(url);
  const [gone, kept] = await firelock.enqueueMany(tagged, [undefined, undefined]);
  await firelock.enqueue(plain);
  await firelock.delete(gone ?? '');
  expect(await expireJobs(database, { state: 'deleted', retentionMs: 0, limit: 10 })).toBe(1);
  expect(await entries()).toEqual([`eu ${kept}`, `mail ${kept}`]);
});
