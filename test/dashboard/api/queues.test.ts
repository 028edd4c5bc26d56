import { expect, test } from 'vitest';
import { auditLines } from '../../audit-lines.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { startServer } from '../../firelock.js';
import { idle, working } from '../jobs.js';
import { callApi } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

test('the queues are listed with who takes from them, and are paused and resumed', async () => {
  const { firelock, get, post } = callApi(url);
  await startServer(firelock, { jobs: [working], queues: { default: 7 }, name: 'worker-1' });
  await firelock.enqueue(idle);
  expect(await post('/queues/pause', { queue: 'nobody', reason: 'too much' })).toEqual({ applied: true });
  expect(await get('/queues')).toMatchObject({
    queues: [
      { name: 'default', enqueued: 0, slots: 7, servers: [{ name: 'worker-1', slots: 7 }] },
      { name: 'nobody', enqueued: 1, slots: 0, servers: [], pause: { by: 'dashboard', reason: 'too much' } },
    ],
  });
  expect(await post('/queues/resume', { queue: 'nobody' })).toEqual({ applied: true });
  expect(await post('/queues/resume', { queue: 'nobody' })).toEqual({ applied: false });
  const lines = await auditLines(client);
  expect(lines.map(([by, act, , target]) => [by, act, target])).toEqual([
    ['dashboard', 'pause', 'nobody'],
    ['dashboard', 'resume', 'nobody'],
  ]);
  await post('/queues/pause', { queue: 'a b' }, 400);
  await post('/queues/pause', {}, 400);
});
