import type { Request } from 'express';
import { expect, test } from 'vitest';
import { InvalidOptionsError } from '../../../src/errors.js';
import type { Authorization } from '../../../src/dashboard/options.js';
import { fileDatabase } from '../../database.js';
import { idle, jobInEachState, wasMoved } from '../jobs.js';
import { type Site, buttonsOn, hearErrors, openSite } from '../site.js';

const url = await fileDatabase();

const remote = { 'X-Forwarded-For': '203.0.113.9' };

/** Every route that changes something. */
function posts(
  ids: Readonly<Record<string, string>>,
): readonly (readonly [string, Record<string, string>])[] {
  const single = Object.values(ids).flatMap((id) =>
    ['retry', 'requeue', 'delete'].map((act) => `/${id}/${act}`),
  );
  return [
    ...single.map((path) => [path, {}] as const),
    ['/scheduled/requeue', { ids: ids['scheduled'] ?? '' }],
    ['/scheduled/delete', { ids: ids['scheduled'] ?? '' }],
    ['/enqueued/delete', { ids: ids['enqueued'] ?? '' }],
    ['/processing/delete', { ids: ids['processing'] ?? '' }],
    ['/failed/retry', { ids: ids['failed'] ?? '' }],
    ['/failed/delete', { ids: ids['failed'] ?? '' }],
    ['/dead/retry', { ids: ids['dead'] ?? '' }],
    ['/dead/delete', { ids: ids['dead'] ?? '' }],
    ['/succeeded/requeue', { ids: ids['succeeded'] ?? '' }],
    ['/deleted/requeue', { ids: ids['deleted'] ?? '' }],
    ['/recurring/trigger', { ids: 'nightly' }],
    ['/recurring/remove', { ids: 'nightly' }],
    ['/recurring/pause', { ids: 'nightly' }],
    ['/recurring/resume', { ids: 'nightly' }],
    ['/recurring/drop', { ids: 'nightly' }],
    ['/recurring/run', { id: 'nightly' }],
    ['/recurring/change', { id: 'nightly', schedule: '@daily', timeZone: 'UTC', queue: 'default' }],
  ];
}

/** Posts to every route and expects to be refused each time, and nothing to have changed. */
async function expectRefusals(site: Site, headers: Record<string, string>): Promise<void> {
  const ids = await jobInEachState(site.firelock);
  await site.firelock.addOrUpdateRecurring('nightly', idle, undefined, '0 0 1 1 *');
  for (const [path, fields] of posts(ids)) {
    const answer = await site.post(path, fields).unset('Sec-Fetch-Site').set(headers);
    expect({ path, status: answer.status }).toEqual({ path, status: 403 });
  }
  for (const [state, id] of Object.entries(ids)) expect((await site.firelock.getJob(id))?.state).toBe(state);
  const nightly = await site.firelock.getRecurring('nightly');
  expect(nightly).toMatchObject({ pause: undefined, override: undefined, lastRunAt: undefined });
  expect(await site.firelock.removeRecurring('nightly')).toBe(true);
}

test('a visitor whom authorize refuses sees no page and changes nothing', async () => {
  const site = openSite(url, { authorize: () => false });
  const { text } = await site.get('/').expect(403);
  expect(text).toContain('You may not see this dashboard');
  expect(text).not.toContain('<nav');
  await expectRefusals(site, { 'Sec-Fetch-Site': 'same-origin' });
});

test('a read-only visitor sees every page without buttons, and changes nothing', async () => {
  const site = openSite(url, { authorize: () => 'read-only' });
  await expectRefusals(site, { 'Sec-Fetch-Site': 'same-origin' });
  await site.firelock.addOrUpdateRecurring('nightly', idle, undefined, '@daily');
  for (const path of ['/', '/failed', '/dead', '/1', '/recurring', '/recurring/job?id=nightly', '/servers']) {
    const html = await site.page(path);
    expect(buttonsOn(html)).toEqual([]);
    expect(html).not.toContain('type="checkbox"');
    expect(html).toContain('Read-only');
  }
  for (const path of [
    '/dead/delete?ids=1',
    '/1/delete',
    '/recurring/remove?ids=nightly',
    '/recurring/pause?ids=nightly',
    '/recurring/change?id=nightly',
    '/recurring/run?id=nightly',
  ]) {
    await site.get(path).expect(403);
  }
});

test('without options, a visitor through a proxy changes nothing', async () => {
  await expectRefusals(openSite(url), { 'Sec-Fetch-Site': 'same-origin', ...remote });
});

test('a post of another site, or of a program that says nothing of its origin, changes nothing', async () => {
  await expectRefusals(openSite(url), { 'Sec-Fetch-Site': 'cross-site' });
  await expectRefusals(openSite(url), {});
});

test('authorize opens the dashboard to remote visitors, and may take its time', async () => {
  const site = openSite(url, { authorize: (req: Request) => Promise.resolve(req.get('cookie') === 'admin') });
  await site.get('/').set(remote).set('Cookie', 'admin').expect(200);
  await site.get('/').set(remote).expect(403);
  const id = await site.firelock.enqueue(idle);
  await site.post(`/${id}/delete`).set(remote).set('Cookie', 'admin').expect(303);
  expect(await wasMoved(site.firelock, id, 'deleted')).toBe(true);
});

test.each([undefined, null, 1, 'true', 'admin', {}])(
  'what authorize does not know (%j) opens nothing',
  async (answer) => {
    // A caller without types may answer anything.
    const site = openSite(url, { authorize: () => answer as Authorization });
    await site.get('/').expect(403);
  },
);

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
});
