import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { eventually } from '../../eventually.js';
import { openEmptySite, type Site } from '../site.js';

const numbered = defineJob({ name: 'numbered', args: z.object({ n: z.number() }), queue: 'nobody' });

async function siteWith(count: number): Promise<Site> {
  const site = await openEmptySite({ authorize: () => ({ name: 'ann', rights: 'all' }) });
  await site.firelock.enqueueMany(
    numbered,
    Array.from({ length: count }, (_, n) => ({ n: n % 3 })),
  );
  return site;
}

/** Posts, and answers the page of the act that was started. */
async function start(site: Site, path: string, fields: Record<string, string>): Promise<string> {
  const { headers } = await site.post(path, fields).expect(303);
  return (headers['location'] ?? '').replace(/^\/jobs/, '');
}

async function outcomeOn(site: Site, page: string, outcome: string): Promise<string> {
  return eventually(`the act is ${outcome}`, async () => {
    const html = await site.page(page);
    return html.includes(outcome) && html;
  });
}

test('a list leads to a preview of what an act on all that match would do, and the act does exactly that', async () => {
  const site = await siteWith(900);
  const list = await site.page('/enqueued?q=args.n:1');
  expect(list).toContain('href="/jobs/enqueued/all/delete?q=args.n%3A1"');
  const preview = await site.page('/enqueued/all/delete?q=args.n:1');
  expect(preview).toContain('<h1>Delete 300 jobs?</h1>');
  expect(preview).toContain('<b>300</b>');
  const page = await start(site, '/enqueued/all/delete', { q: 'args.n:1', reason: 'wrong import' });
  const html = await outcomeOn(site, page, 'Finished: 300 jobs.');
  expect(html).toContain('Enqueued that match args.n:1');
  expect(html).toContain('wrong import');
  // Pages of one second share their counts.
  await outcomeOn(site, '/deleted', '<span class="count">300</span>');
  await outcomeOn(site, '/enqueued', '<span class="count">600</span>');
  expect(await site.page('/audit')).toMatch(/delete jobs[^]*“wrong import”/);
});

test('a search that cannot be read acts on nothing', async () => {
  const site = await siteWith(3);
  const preview = await site.page('/enqueued/all/delete?q=nmae:x');
  expect(preview).toContain('role="alert"');
  expect(preview).toMatch(/<button class="danger" disabled>/);
  await site.post('/enqueued/all/delete', { q: 'nmae:x' }).expect(303);
  expect(await site.page('/enqueued')).toContain('<span class="count">3</span>');
});

test('a visitor without the right to see args cannot act on more than they searched for', async () => {
  const site = await openEmptySite({ authorize: () => ({ rights: ['view', 'act'] }) });
  await site.firelock.enqueueMany(numbered, [{ n: 1 }, { n: 2 }]);
  expect(await site.page('/enqueued/all/delete?q=args.n:1')).toContain('Searching in args needs the right');
  await site.post('/enqueued/all/delete', { q: 'args.n:1' }).expect(303);
  expect(await site.page('/deleted')).not.toContain('>numbered</a>');
});

test.each(['0', 'x', '999999999999999999999'])('there is no act %s: 404', async (id) => {
  const site = await openEmptySite();
  await site.get(`/bulk/${id}`).expect(404);
  await site.post(`/bulk/${id}/stop`).expect(404);
});
