import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { startServer } from '../../firelock.js';
import { working } from '../jobs.js';
import { callApi } from './caller.js';

const url = await fileDatabase();

test('servers are listed, and asked to be quiet, to wake and to stop', async () => {
  const { firelock, get, post } = callApi(url);
  const server = await startServer(firelock, { jobs: [working], queues: { default: 3 }, name: 'worker-1' });
  const { servers } = await get('/servers');
  expect(servers).toMatchObject([
    { name: 'worker-1', state: 'running', queues: { default: 3 }, processing: 0 },
  ]);
  const [{ id = '' } = {}] = servers as readonly { readonly id?: string }[];
  expect(await post(`/servers/${id}/wake`)).toEqual({ applied: false });
  expect(await post(`/servers/${id}/quiet`, { reason: 'a deployment' })).toEqual({ applied: true });
  expect(await get('/servers')).toMatchObject({ servers: [{ asked: 'quiet', askedBy: 'dashboard' }] });
  expect(await post(`/servers/${id}/wake`)).toEqual({ applied: true });
  expect(await post(`/servers/${id}/stop`)).toEqual({ applied: true });
  await server.stop();
  expect(await get('/servers?size=1')).toMatchObject({
    servers: [{ state: 'stopped', stoppedAt: expect.any(String) }],
  });
  expect(await post('/servers/999999/quiet')).toEqual({ applied: false });
  await post('/servers/x/quiet', {}, 400);
});
