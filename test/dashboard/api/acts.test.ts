import { expect, test } from 'vitest';
import type { State } from '../../../src/job/state.js';
import { auditLines } from '../../audit-lines.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { idle, jobInEachState } from '../jobs.js';
import { callApi } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const authorize = () => ({ name: 'ada', rights: 'all' }) as const;

test.each([
  ['dead', 'retry', 'enqueued'],
  ['succeeded', 'requeue', 'enqueued'],
  ['processing', 'delete', 'deleted'],
] as const)(
  'the %s job is acted on by %s, and history and audit log name who did it',
  async (state, act, target) => {
    const { firelock, post } = callApi(url, { authorize });
    const id = (await jobInEachState(firelock))[state];
    expect(await post(`/jobs/${id}/${act}`, { from: state, reason: 'asked for' })).toEqual({ applied: true });
    const job = await firelock.getJob(id);
    expect(job?.history.find(({ by }) => by === 'ada')).toMatchObject({ state: target, reason: 'asked for' });
    const line = (await auditLines(client)).at(-1);
    expect(line?.slice(0, 5)).toEqual(['ada', act, 'job', id, 'asked for']);
  },
);

test('an act on a job that is gone, or in another state, applies to nothing', async () => {
  const { firelock, post } = callApi(url);
  const id = await firelock.enqueue(idle);
  for (const path of ['/jobs/999999/retry', '/jobs/999999/delete', `/jobs/${id}/retry`])
    expect(await post(path)).toEqual({ applied: false });
  expect(await post(`/jobs/${id}/delete`, { from: ['failed', 'dead'] })).toEqual({ applied: false });
  expect(await post('/jobs/999999/run-again')).toEqual({ applied: false });
  expect((await firelock.getJob(id))?.state).toBe('enqueued');
});

test('a job is planned for an instant, or for after a while', async () => {
  const { firelock, post } = callApi(url);
  const id = await firelock.enqueue(idle);
  const when = '2030-01-02T03:04:05.000Z';
  expect(await post(`/jobs/${id}/reschedule`, { when })).toEqual({ applied: true });
  expect((await firelock.getJob(id))?.runAt?.toISOString()).toBe(when);
  expect(await post(`/jobs/${id}/reschedule`, { when: '1h' })).toEqual({ applied: true });
  expect((await firelock.getJob(id))?.runAt?.getTime()).toBeLessThan(Date.now() + 3_700_000);
  for (const when of ['soon', '2030-99-99', ''])
    expect(await post(`/jobs/${id}/reschedule`, { when }, 400)).toMatchObject({
      error: { message: 'That cannot be done' },
    });
  await post(`/jobs/${id}/reschedule`, {}, 400);
});

test('a waiting job is given another queue and priority', async () => {
  const { firelock, post } = callApi(url);
  const id = await firelock.enqueue(idle);
  expect(await post(`/jobs/${id}/change`, { queue: 'other', priority: 'high' })).toEqual({ applied: true });
  expect(await firelock.getJob(id)).toMatchObject({ queue: 'other', priority: 'high' });
  expect(await post(`/jobs/${id}/change`, {}, 400)).toMatchObject({
    error: { advice: 'change: expected queue, priority, or both' },
  });
  await post(`/jobs/${id}/change`, { priority: 'highest' }, 400);
});

test('a job is run again, with the same args or with others', async () => {
  const { firelock, post } = callApi(url);
  const id = await firelock.enqueue(idle);
  const { applied, jobId } = await post(`/jobs/${id}/run-again`, { args: { n: 2 } });
  expect(applied).toBe(true);
  expect(await firelock.getJob(String(jobId))).toMatchObject({ name: 'idle', args: { n: 2 }, modelId: id });
  const again = await post(`/jobs/${String(jobId)}/run-again`);
  expect(await firelock.getJob(String(again['jobId']))).toMatchObject({ args: { n: 2 } });
});

test('several jobs are acted on at once, and those that were are told', async () => {
  const { firelock, post } = callApi(url);
  const [one = '', two = ''] = await firelock.enqueueMany(idle, [undefined, undefined]);
  const answer = await post('/jobs/acts', { act: 'delete', ids: [one, two, two, '999999'] });
  expect(answer).toEqual({ applied: true, ids: expect.arrayContaining([one, two]) });
  expect(answer['ids']).toHaveLength(2);
  expect(await post('/jobs/acts', { act: 'delete', ids: [one] })).toEqual({ applied: false, ids: [] });
  await post('/jobs/acts', { act: 'delete', ids: [] }, 400);
  await post('/jobs/acts', { act: 'delete', ids: ['x'] }, 400);
  await post('/jobs/acts', { act: 'explode', ids: [one] }, 400);
});

test('what an act did is counted at once', async () => {
  const { firelock, get, post } = callApi(url);
  const id = await firelock.enqueue(idle);
  const deletedNow = async () =>
    ((await get('/counts'))['counts'] as Readonly<Record<State, number>>).deleted;
  const before = await deletedNow();
  await post(`/jobs/${id}/delete`);
  expect(await deletedNow()).toBe(before + 1);
});

test('an act is on the job in the path, whatever the body names', async () => {
  const { firelock, post } = callApi(url);
  const [one = '', two = ''] = await firelock.enqueueMany(idle, [undefined, undefined]);
  expect(await post(`/jobs/${one}/delete`, { id: two })).toEqual({ applied: true });
  expect((await firelock.getJob(two))?.state).toBe('enqueued');
});
