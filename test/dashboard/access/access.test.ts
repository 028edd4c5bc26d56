import type { Request } from 'express';
import { expect, test } from 'vitest';
import { InvalidOptionsError } from '../../../src/errors.js';
import { fileDatabase } from '../../database.js';
import { idle, wasMoved } from '../jobs.js';
import { hearErrors, openSite } from '../site.js';

const url = await fileDatabase();

const remote = { 'X-Forwarded-For': '203.0.113.9' };

test('a visitor whom authorize refuses sees why, and nothing else', async () => {
  const { text } = await openSite(url, { authorize: () => false })
    .get('/')
    .expect(403);
  expect(text).toContain('You may not see this dashboard');
  expect(text).not.toContain('<nav');
});

test('without options, a visitor through a proxy is told how to open the dashboard', async () => {
  const { text } = await openSite(url).get('/').set(remote).expect(403);
  expect(text).toContain('This dashboard answers local requests only');
  expect(text).toContain('or { name, rights }');
});

test('an act that was refused for its right says which one it is', async () => {
  const site = openSite(url, { authorize: () => ({ rights: ['view', 'pause'] }) });
  const { text } = await site.post('/1/delete').expect(403);
  expect(text).toContain('the right &#39;act&#39;');
  expect(text).toContain('Nothing was changed');
});

test('authorize opens the dashboard to remote visitors, and may take its time', async () => {
  const site = openSite(url, { authorize: (req: Request) => Promise.resolve(req.get('cookie') === 'admin') });
  await site.get('/').set(remote).set('Cookie', 'admin').expect(200);
  await site.get('/').set(remote).expect(403);
  const id = await site.firelock.enqueue(idle);
  await site.post(`/${id}/delete`).set(remote).set('Cookie', 'admin').expect(303);
  expect(await wasMoved(site.firelock, id, 'deleted')).toBe(true);
});

test('an authorize that throws opens nothing, and the host app handles its error', async () => {
  const thrown = new Error('session store is down');
  const site = openSite(url, { authorize: () => Promise.reject(thrown) });
  const heard = hearErrors(site.app);
  expect((await site.get('/').expect(500)).text).toBe('the host app is sorry');
  await site.post('/failed/retry', { ids: '1' }).expect(500);
  expect(heard).toEqual([thrown, thrown]);
});

test('unknown and bad options are refused when the dashboard is made', async () => {
  const { firelock } = openSite(url);
  const mount = (options: object) => () => firelock.dashboard(options);
  expect(mount({ authorise: () => true })).toThrow(InvalidOptionsError);
  expect(mount({ authorise: () => true })).toThrow("did you mean 'authorize'?");
  expect(mount({ authorize: true })).toThrow('expected a function of the request');
  expect(mount({ redact: { keys: [''] } })).toThrow('redact.keys');
  expect(mount({ redact: { value: 'x' } })).toThrow('expected a function of the value');
  for (const basePath of ['jobs', '/jobs/', '//evil.example', '/jobs?x', '/a b'])
    expect(mount({ basePath })).toThrow('expected a path such as /ops/jobs');
});
