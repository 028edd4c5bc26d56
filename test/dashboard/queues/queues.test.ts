import { expect, test } from 'vitest';
import { startServer } from '../../firelock.js';
import { idle, working } from '../jobs.js';
import { buttonsOn, flashOn, openEmptySite, type Site } from '../site.js';

async function follow(site: Site, path: string, fields: Record<string, string>): Promise<string> {
  const { headers } = await site.post(path, fields).expect(303);
  return site.page((headers['location'] ?? '').replace(/^\/jobs/, ''));
}

test('a queue is listed with what waits, its slots, and who paused it and why', async () => {
  const site = await openEmptySite({ authorize: () => ({ name: 'ann', rights: 'all' }) });
  await startServer(site.firelock, { jobs: [working], queues: { mails: 3 } });
  await site.firelock.enqueue(idle);
  const form = await site.page('/queues/pause?queue=mails');
  expect(form).toContain('<h1>Pause queue &#39;mails&#39;?</h1>');
  const html = await follow(site, '/queues/pause', { queue: 'mails', reason: 'wrong template' });
  expect(flashOn(html)).toBe('1 queue was paused: nothing is started from it.');
  expect(html).toMatch(/by ann, (?:now|\d+ s ago): wrong template/);
  expect(html).toContain('0 of 3');
  expect(html).toContain('No running server takes jobs from it.');
  expect(await site.firelock.resumeQueue('mails')).toBe(true);
});

test('a resumed queue runs its jobs again, and both acts are in the audit log', async () => {
  const site = await openEmptySite({ authorize: () => ({ name: 'ann', rights: 'all' }) });
  await follow(site, '/queues/pause', { queue: 'default', reason: 'a check' });
  const html = await follow(site, '/queues/resume', { queue: 'default' });
  expect(flashOn(html)).toBe('1 queue was resumed.');
  const audit = await site.page('/audit');
  expect(audit).toMatch(/resume queue[^]*pause queue[^]*“a check”/);
});

test('what changes nothing says so', async () => {
  const site = await openEmptySite();
  expect(flashOn(await follow(site, '/queues/resume', { queue: 'default' }))).toMatch(
    /^Nothing was changed\./,
  );
});

test('a visitor who may act on jobs, but not pause, sees no such button', async () => {
  const site = await openEmptySite({ authorize: () => ({ rights: ['view', 'act'] }) });
  await site.firelock.enqueue(idle);
  expect(buttonsOn(await site.page('/queues'))).toEqual([]);
  await site.get('/queues/pause?queue=nobody').expect(403);
});
