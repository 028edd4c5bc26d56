import { expect, test } from 'vitest';
import { defineJob } from '../../../src/job/definition.js';
import { putMany } from '../../bulk-acts.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { failing, idle, jobInEachState, working } from '../jobs.js';
import { callApi, type Said } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const mail = defineJob({ name: 'mail', queue: 'nobody' });

/** What a list says of its jobs. */
function listed({ jobs }: Said): readonly Said[] {
  // As the operation declares it.
  return jobs as readonly Said[];
}

const idsOf = (page: Said) => listed(page).map(({ id }) => id);

test('a list is searched, ordered and paged as on the pages', async () => {
  const { get } = callApi(url);
  const ids = await putMany(client, { name: 'paged', state: 'dead', count: 25 });
  const first = await get('/jobs?q=name:paged&state=dead&size=10');
  expect(idsOf(first)).toEqual(ids.slice(0, 10));
  expect(first).toMatchObject({ looked: { count: 10, isComplete: false } });
  const second = await get(
    `/jobs?q=name:paged&state=dead&size=10&place=${encodeURIComponent(String(first['next']))}`,
  );
  expect(idsOf(second)).toEqual(ids.slice(10, 20));
  const reversed = await get('/jobs?q=name:paged&state=dead&size=10&order=reversed');
  expect(idsOf(reversed)).toEqual(ids.toReversed().slice(0, 10));
  const found = await get('/jobs?q=name:paged%20error:%22no%207%22');
  expect(listed(found)).toEqual([
    expect.objectContaining({
      name: 'paged',
      state: 'dead',
      error: { name: 'Error', message: 'no 7' },
      argsPreview: '{"n": 7}',
    }),
  ]);
  expect(found).not.toHaveProperty('next');
});

test('a search that cannot be read is refused with what was probably meant', async () => {
  const { get } = callApi(url);
  expect(await get('/jobs?q=stat:dead', 400)).toMatchObject({
    error: {
      code: 'bad-request',
      message: 'The search cannot be read',
      advice: expect.stringContaining('state:dead'),
    },
  });
});

test('fields of a list that are unknown or bad are refused, each by name', async () => {
  const { get } = callApi(url);
  const { error } = await get('/jobs?siz=10&state=broken', 400);
  expect(error).toMatchObject({
    code: 'FIRELOCK_INVALID_OPTIONS',
    advice: expect.stringMatching(/^GET \/api\/jobs: .*state: .*siz: unknown option; did you mean 'size'\?/),
  });
  await get('/jobs?size=11', 400);
  await get(`/jobs?place=${encodeURIComponent('\0["x"')}&q=%00`);
});

test('a job is told with its args, its result and its history', async () => {
  const { firelock, get } = callApi(url);
  await startServer(firelock, { jobs: [working, failing], name: 'worker-2' });
  const id = await firelock.enqueue(working, undefined, { tags: ['one'] });
  const done = await jobInState(firelock, id, 'succeeded');
  expect(await get(`/jobs/${id}`)).toMatchObject({
    id,
    name: 'working',
    state: 'succeeded',
    args: null,
    result: { sent: true },
    hidden: false,
    tags: ['one'],
    createdAt: done.createdAt.toISOString(),
    history: [
      { state: 'enqueued' },
      { state: 'processing', attempt: 1 },
      { state: 'succeeded', from: 'processing' },
    ],
  });
  const failed = await firelock.enqueue(failing);
  await jobInState(firelock, failed, 'failed');
  expect(await get(`/jobs/${failed}`)).toMatchObject({
    history: [{}, { state: 'failed', error: { name: 'Error', message: 'the mail server is down' } }],
    notices: [expect.stringMatching(/^Its last attempt failed/)],
  });
});

test('why a job waits is told in the words of its page', async () => {
  const { firelock, get } = callApi(url);
  const id = await firelock.enqueue(idle);
  expect(await get(`/jobs/${id}`)).toMatchObject({ notices: [expect.stringContaining('nobody')] });
});

test('a job in each state is told as it is declared', async () => {
  const { firelock, get } = callApi(url);
  for (const [state, id] of Object.entries(await jobInEachState(firelock)))
    expect(await get(`/jobs/${id}`)).toMatchObject({ id, state });
});

test('a job that there is not is a 404, and what is no id a 400', async () => {
  const { get } = callApi(url);
  for (const path of ['/jobs/999999', '/jobs/999999/log', '/jobs/999999/jobs'])
    expect(await get(path, 404)).toMatchObject({
      error: { code: 'not-found', message: 'There is no job 999999' },
    });
  for (const id of ['x', '1e3', '9'.repeat(19), '%00'])
    expect(await get(`/jobs/${id}`, 400)).toMatchObject({
      error: { advice: "GET /api/jobs/:id: id: expected a decimal id, such as '42'" },
    });
});

test('the log of a job is read line by line, and followed', async () => {
  const { firelock, get } = callApi(url);
  const id = await firelock.enqueue(mail);
  const put = (attempt: number, number: number, lines: readonly unknown[]) =>
    client.query('insert into firelock.job_logs values ($1, $2, $3, now(), $4)', [
      id,
      attempt,
      number,
      JSON.stringify(lines),
    ]);
  await put(1, 1, [
    [0, 'info', 'begun'],
    [5, 'warn', 'slow', { ms: 7 }],
  ]);
  await put(1, 3, [[0, 'error', 'broken']]);
  const first = await get(`/jobs/${id}/log?size=2`);
  expect(first).toMatchObject({
    lines: [
      { attempt: 1, number: 1, level: 'info', message: 'begun' },
      { attempt: 1, number: 2, level: 'warn', message: 'slow', facts: { ms: 7 } },
    ],
    next: '1-2',
  });
  expect(await get(`/jobs/${id}/log?after=1-2`)).toMatchObject({
    lines: [{ message: 'broken' }],
    next: '1-3',
  });
  expect(await get(`/jobs/${id}/log?after=1-3`)).toEqual({ lines: [], next: '1-3' });
  await put(2, 1, [[0, 'info', 'again']]);
  expect(await get(`/jobs/${id}/log?after=1-3`)).toMatchObject({ lines: [{ attempt: 2, number: 1 }] });
  expect(await get(`/jobs/${id}/log?attempt=2`)).toMatchObject({ lines: [{ message: 'again' }] });
  await get(`/jobs/${id}/log?after=last`, 400);
});

test('the jobs that a handler has enqueued are listed', async () => {
  const { firelock, get } = callApi(url);
  const parent = defineJob({
    name: 'parent',
    handler: async (_args, { firelock }) => firelock.enqueueMany(mail, [undefined, undefined]),
  });
  await startServer(firelock, { jobs: [parent] });
  const id = await firelock.enqueue(parent);
  const { result } = await jobInState(firelock, id, 'succeeded');
  const children = await get(`/jobs/${id}/jobs`);
  expect(idsOf(children)).toEqual(result);
  expect(children).toMatchObject({ isComplete: true, jobs: [{ name: 'mail', state: 'enqueued' }, {}] });
});

test('jobs are counted by state, and dead letters grouped by what went wrong', async () => {
  const { get } = callApi(url);
  await putMany(client, { name: 'grouped', state: 'dead', count: 30 });
  const { counts, limit } = await get('/counts');
  expect(counts).toMatchObject({ awaiting: 0, enqueued: expect.any(Number) });
  expect(limit).toBe(10_000);
  const { groups } = await get('/dead-letters/groups');
  const group = (groups as readonly Said[]).find(({ name }) => name === 'grouped');
  expect(group).toMatchObject({
    count: 30,
    error: 'Error: no *',
    search: 'name:grouped error:"Error: no *"',
  });
  const found = await get(`/jobs?state=dead&q=${encodeURIComponent(String(group?.['search']))}`);
  expect(listed(found)).toHaveLength(30);
});
