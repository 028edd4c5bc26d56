import { expect, test } from 'vitest';
import { auditLines } from '../../audit-lines.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { idle } from '../jobs.js';
import { callApi, type Said } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

/** Of each test its own. */
async function define(id: string) {
  const api = callApi(url);
  await api.firelock.addOrUpdateRecurring(id, idle, undefined, '0 3 * * *', { timeZone: 'Asia/Seoul' });
  return { ...api, one: () => api.get(`/recurring/job?id=${encodeURIComponent(id)}`) };
}

test('recurring jobs are listed, and one is told by an id that holds slashes', async () => {
  const { get, one } = await define('reports/daily');
  const told = {
    id: 'reports/daily',
    name: 'idle',
    schedule: '0 3 * * *',
    timeZone: 'Asia/Seoul',
    args: null,
    hidden: false,
    definition: { schedule: '0 3 * * *', hasVanished: false },
  };
  const { recurringJobs } = await get('/recurring');
  expect((recurringJobs as readonly Said[]).find(({ id }) => id === 'reports/daily')).toMatchObject(told);
  expect(await one()).toMatchObject(told);
});

test('a recurring job is triggered, with its args or with others, and its runs are listed', async () => {
  const { firelock, get, post } = await define('triggered');
  const first = await post('/recurring/trigger', { id: 'triggered', reason: 'a test' });
  const second = await post('/recurring/trigger', { id: 'triggered', args: { n: 2 } });
  expect(first).toMatchObject({ applied: true });
  expect((await firelock.getJob(String(second['jobId'])))?.args).toEqual({ n: 2 });
  expect(await get('/recurring/runs?id=triggered')).toMatchObject({
    runs: [
      { number: 2, kind: 'by hand', jobId: second['jobId'], state: 'enqueued' },
      { number: 1, kind: 'by hand', by: 'dashboard', reason: 'a test' },
    ],
  });
  expect(await get('/recurring/runs?id=triggered&size=1')).toMatchObject({ runs: [{ number: 2 }] });
});

test('a recurring job is paused until an instant, and resumed', async () => {
  const { one, post } = await define('paused');
  const until = '2030-01-02T03:04:05.000Z';
  expect(await post('/recurring/pause', { id: 'paused', until, reason: 'audit' })).toEqual({ applied: true });
  expect(await one()).toMatchObject({ pause: { until, by: 'dashboard', reason: 'audit' } });
  expect(await post('/recurring/pause', { id: 'paused', until: '1h' })).toEqual({ applied: true });
  expect(await post('/recurring/resume', { id: 'paused' })).toEqual({ applied: true });
  expect(await post('/recurring/resume', { id: 'paused' })).toEqual({ applied: false });
  expect(await one()).not.toHaveProperty('pause');
  await post('/recurring/pause', { id: 'paused', until: 'tomorrow' }, 400);
});

test('what code says is overridden, and counts again', async () => {
  const { one, post } = await define('changed');
  const override = { schedule: '@hourly', args: { n: 1 } };
  expect(await post('/recurring/override', { id: 'changed', ...override })).toEqual({ applied: true });
  expect(await one()).toMatchObject({ ...override, timeZone: 'Asia/Seoul', override: { by: 'dashboard' } });
  expect(await post('/recurring/override', { id: 'changed', queue: 'slow' })).toEqual({ applied: true });
  expect(await one()).toMatchObject({ schedule: '0 3 * * *', queue: 'slow', args: null });
  expect(await post('/recurring/drop-override', { id: 'changed' })).toEqual({ applied: true });
  expect(await one()).not.toHaveProperty('override');
  for (const bad of [{}, { schedule: 'often' }, { timeZone: 'Mars/Olympus' }])
    await post('/recurring/override', { id: 'changed', ...bad }, 400);
  const acts = (await auditLines(client)).filter(([, , , target]) => target === 'changed');
  expect(acts.map(([, act]) => act)).toEqual(['override', 'override', 'drop override']);
});

test('a recurring job is removed', async () => {
  const { get, post } = await define('removed');
  expect(await post('/recurring/remove', { id: 'removed' })).toEqual({ applied: true });
  await get('/recurring/job?id=removed', 404);
  await get('/recurring/runs?id=removed', 404);
  for (const act of ['remove', 'trigger', 'pause', 'resume', 'drop-override'])
    expect(await post(`/recurring/${act}`, { id: 'removed' })).toEqual({ applied: false });
  await post('/recurring/override', { id: 'removed', queue: 'slow' }, 404);
});

test('what can be no id of a recurring job is refused', async () => {
  const { get, post } = callApi(url);
  await get('/recurring/job', 400);
  await get('/recurring/job?id=%00', 400);
  await post('/recurring/remove', { id: 'a b' }, 400);
});
