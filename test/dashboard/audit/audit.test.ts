import { expect, test } from 'vitest';
import { idle } from '../jobs.js';
import { openEmptySite } from '../site.js';

test('the audit log tells who did what to what, why, and what was before and after, the latest first', async () => {
  const site = await openEmptySite();
  const id = await site.firelock.enqueue(idle);
  await site.firelock.change(id, { queue: 'other' }, { by: 'ben', reason: 'less load' });
  await site.firelock.delete(id, { by: 'ann', reason: 'sent twice' });
  const html = await site.page('/audit');
  expect(html).toMatch(/delete job[^]*“sent twice”[^]*change job[^]*“less load”/);
  expect(html).toContain(`<a href="/jobs/${id}">#${id}</a>`);
  expect(html).toContain('<li>queue: nobody → other</li>');
});

test('it can be narrowed to what one person did, page by page', async () => {
  const site = await openEmptySite();
  const ids = await site.firelock.enqueueMany(
    idle,
    Array.from({ length: 60 }, () => undefined),
  );
  for (const id of ids) await site.firelock.delete(id, { by: 'ann' });
  await site.firelock.pauseQueue('nobody', { by: 'ben' });
  const targets = (html: string) => [...html.matchAll(/<a href="\/jobs\/(\d+)">#/g)].map(([, id]) => id);
  const first = await site.page('/audit?by=ann');
  expect(first).not.toContain('pause queue');
  const next = /href="\/jobs([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = await site.page(next);
  expect([...targets(first), ...targets(second)]).toEqual(ids.toReversed());
});

test.each(['x', "1' or true", '-1', '99999999999999999999'])(
  'a place that is none (%s) shows the first page',
  async (place) => {
    const site = await openEmptySite();
    await site.firelock.pauseQueue('nobody', { by: 'ben' });
    expect(await site.page(`/audit?place=${encodeURIComponent(place)}`)).toContain('pause queue');
  },
);

test('without an act it says so', async () => {
  expect(await (await openEmptySite()).page('/audit')).toContain('Nobody has done anything yet.');
});
