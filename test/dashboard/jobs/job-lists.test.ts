import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { buttonsOn, listedIds, openEmptySite } from '../site.js';
import { type ReachedState, failing, idle, jobInEachState } from '../jobs.js';
import { jobInState, startServer } from '../../firelock.js';

const headings: Readonly<Record<ReachedState, string>> = {
  enqueued: 'Enqueued',
  scheduled: 'Scheduled',
  processing: 'Processing',
  failed: 'Failed',
  dead: 'Dead letters',
  succeeded: 'Succeeded',
  deleted: 'Deleted',
};

test('each state has a list with its jobs, and the navigation counts them', async () => {
  const site = await openEmptySite();
  const ids = await jobInEachState(site.firelock);
  for (const [state, heading] of Object.entries(headings)) {
    const html = await site.page(`/${state}`);
    expect(html).toContain(`<h1>${heading} <span class="count">1</span></h1>`);
    expect(listedIds(html)).toEqual([ids[state as ReachedState]]);
    expect(html).toMatch(new RegExp(`href="/jobs/${state}" class="tone ${state}" aria-current="page"`));
    expect(html.match(/<span class="count">1<\/span><\/a>/g)).toHaveLength(7);
  }
});

test('a list shows what matters in its state', async () => {
  const site = await openEmptySite();
  await jobInEachState(site.firelock);
  const failed = await site.page('/failed');
  expect(failed).toContain('<b>Error</b> the mail server is down');
  expect(failed).toContain('1 of 3');
  expect(failed).toMatch(
    /<time datetime="[^"]+Z" title="[^"]+"><span class="relative">in (?:59 min|1 h)<\/span>/,
  );
  expect(await site.page('/processing')).toContain('worker-1');
  expect(await site.page('/succeeded')).toMatch(/data-heading="Duration"><span>\d+ ms<\/span>/);
  expect(await site.page('/dead')).toContain('no such account');
  expect(await site.page('/enqueued')).toContain('nobody');
});

test('an empty list says so and has no buttons', async () => {
  const site = await openEmptySite();
  const html = await site.page('/dead');
  expect(html).toContain('No dead letters');
  expect(buttonsOn(html)).toEqual([]);
  expect(html).not.toContain('rel="next"');
});

test('awaiting has no entry in the navigation while nothing awaits, but its list answers', async () => {
  const site = await openEmptySite();
  expect(await site.page('/')).not.toContain('href="/jobs/awaiting"');
  expect(await site.page('/awaiting')).toContain('<h1>Awaiting');
});

test('pages of 50 lead through all jobs, each once and in order', async () => {
  const site = await openEmptySite();
  const numbered = defineJob({ name: 'numbered', args: z.number(), queue: 'nobody' });
  const ids = await site.firelock.enqueueMany(
    numbered,
    Array.from({ length: 120 }, (_, number) => number),
  );
  const seen: (readonly string[])[] = [];
  let path: string | undefined = '/enqueued';
  while (path !== undefined) {
    const html = await site.page(path);
    expect(html.includes('First page')).toBe(seen.length > 0);
    seen.push(listedIds(html));
    path = /href="\/jobs([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(seen.map((page) => page.length)).toEqual([50, 50, 20]);
  expect(seen.flat()).toEqual(ids);
});

test('pages of failed jobs lead through all of them, the next to be tried first', async () => {
  const site = await openEmptySite();
  await startServer(site.firelock, { jobs: [failing] });
  const ids = await site.firelock.enqueueMany(
    failing,
    Array.from({ length: 70 }, () => undefined),
  );
  for (const id of ids) await jobInState(site.firelock, id, 'failed');
  const first = await site.page('/failed');
  const next = /href="\/jobs([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = await site.page(next);
  expect(listedIds(second)).toHaveLength(20);
  expect(new Set([...listedIds(first), ...listedIds(second)])).toEqual(new Set(ids));
});

test.each([
  '',
  'x',
  '[]',
  '["a","b"]',
  '{"a":1}',
  '["emails","0","99999999999999999999"]',
  '["\\u0000","0","1"]',
])('a place that no page has (%j) shows the first page', async (place) => {
  const site = await openEmptySite();
  const id = await site.firelock.enqueue(idle);
  expect(listedIds(await site.page(`/enqueued?place=${encodeURIComponent(place)}`))).toEqual([id]);
});

test('a page whose jobs are gone by now leads back to the first', async () => {
  const site = await openEmptySite();
  const html = await site.page(`/enqueued?place=${encodeURIComponent('["zzz","9","999"]')}`);
  expect(html).toContain('No jobs on this page any more');
  expect(html).toContain('<a class="button" href="/jobs/enqueued">First page</a>');
});

test('10,000 jobs and more are counted as 10,000+', async () => {
  const site = await openEmptySite();
  await site.firelock.enqueueMany(
    idle,
    Array.from({ length: 10_500 }, () => undefined),
  );
  expect(await site.page('/enqueued')).toContain('<h1>Enqueued <span class="count">10,000+</span></h1>');
  expect(await site.page('/')).toContain('<span class="number">10,000+</span>');
});
