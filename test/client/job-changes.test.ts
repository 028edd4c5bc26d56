import { beforeEach, expect, test } from 'vitest';
import { InvalidJobIdError, InvalidOptionsError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { type State, states } from '../../src/job/state.js';
import { changeJobs } from '../../src/storage/change-jobs.js';
import { auditLines } from '../audit-lines.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { connect, jobInState, openFirelock, startServer } from '../firelock.js';
import { jobRow, putJob, recordedPath, rowVersion } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const ping = defineJob({ name: 'ping', handler: () => 'pong' });
const changeable: readonly State[] = ['awaiting', 'scheduled', 'enqueued', 'failed'];

beforeEach(() => client.query('truncate firelock.jobs, firelock.transitions, firelock.audit_log'));

test.each(changeable)(
  'a change of a job that is %s changes its queue and priority, and nothing else',
  async (state) => {
    const id = await putJob(client, { state });
    const before = await jobRow(client, id);
    expect(await openFirelock(url).change(id, { queue: 'bulk', priority: 'low' })).toBe(true);
    expect(await jobRow(client, id)).toEqual({ ...before, queue: 'bulk', priority: 3 });
    expect(await recordedPath(client, id)).toEqual([]);
  },
);

test.each(states.filter((state) => !changeable.includes(state)))(
  'a job that is %s is left alone, and the caller is told so',
  async (state) => {
    const id = await putJob(client, { state });
    const before = await rowVersion(client, id);
    expect(await openFirelock(url).change(id, { queue: 'bulk' }, { by: 'ann' })).toBe(false);
    expect(await rowVersion(client, id)).toEqual(before);
    expect(await auditLines(client)).toEqual([]);
  },
);

test('a part that is not named stays, and a change to what a job is already writes nothing', async () => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: 'enqueued' });
  expect(await firelock.change(id, { priority: 'critical' }, { by: 'ann' })).toBe(true);
  expect(await firelock.getJob(id)).toMatchObject({ queue: 'default', priority: 'critical' });
  const version = await rowVersion(client, id);
  expect(await firelock.change(id, { queue: 'default', priority: 'critical' }, { by: 'ann' })).toBe(true);
  expect(await rowVersion(client, id)).toEqual(version);
  expect(await auditLines(client)).toEqual([
    ['ann', 'change', 'job', id, null, { priority: 'normal' }, { priority: 'critical' }],
  ]);
});

test('a job that nobody takes runs at once when it is changed to a queue that somebody takes', async () => {
  const firelock = openFirelock(url);
  await startServer(firelock, { jobs: [ping], queues: { served: 1 } });
  const id = await firelock.enqueue(ping, undefined, { queue: 'unserved' });
  expect(await firelock.change(id, { queue: 'served' })).toBe(true);
  expect(await jobInState(firelock, id, 'succeeded')).toMatchObject({ queue: 'served' });
});

test('a change applies only in the states that the caller names, and in its transaction', async () => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: 'scheduled' });
  expect(await firelock.change(id, { queue: 'bulk' }, { from: 'enqueued' })).toBe(false);
  const tx = await connect(url);
  await tx.query('begin');
  expect(await firelock.change(id, { queue: 'bulk' }, { from: ['scheduled'], tx, by: 'ann' })).toBe(true);
  await tx.query('rollback');
  expect(await firelock.getJob(id)).toMatchObject({ queue: 'default' });
  expect(await auditLines(client)).toEqual([]);
});

test('of several jobs those that wait are changed, and told as they were', async () => {
  const [one, two, done] = [
    await putJob(client, { state: 'enqueued', queue: 'a' }),
    await putJob(client, { state: 'failed', queue: 'b' }),
    await putJob(client, { state: 'dead' }),
  ];
  const facts = { from: changeable, change: { queue: 'b', priority: undefined } };
  const changed = await changeJobs(database, { ...facts, ids: [two, done, one] });
  expect(changed.map(({ id, state, queueBefore, queue }) => ({ id, state, queueBefore, queue }))).toEqual([
    { id: one, state: 'enqueued', queueBefore: 'a', queue: 'b' },
    { id: two, state: 'failed', queueBefore: 'b', queue: 'b' },
  ]);
});

test('changes that say nothing, or nothing possible, are refused', async () => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: 'enqueued' });
  for (const changes of [{}, { queue: 'two words' }, { priority: 'huge' }, { name: 'other' }, undefined])
    await expect(firelock.change(id, changes as never)).rejects.toThrow(InvalidOptionsError);
  await expect(firelock.change('x', { queue: 'bulk' })).rejects.toThrow(InvalidJobIdError);
  expect(await firelock.change('999999', { queue: 'bulk' })).toBe(false);
});
