import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { listedIds, openSite, type Site } from '../site.js';

const url = await fileDatabase();
const order = defineJob({ name: 'place-order', args: z.object({ userId: z.number() }), queue: 'orders' });

async function listed(site: Site, path: string, query: Record<string, string>): Promise<readonly string[]> {
  return listedIds(await site.page(`${path}?${new URLSearchParams(query).toString()}`));
}

test('a list is narrowed by a search, in both orders, and its pages keep it', async () => {
  const site = openSite(url);
  const ids = await site.firelock.enqueueMany(
    order,
    Array.from({ length: 30 }, (_, n) => ({ userId: n % 2 })),
    { tags: ['odd or even'] },
  );
  const odd = ids.filter((_, n) => n % 2 === 1);
  expect(await listed(site, '/enqueued', { q: 'args.userId:1' })).toEqual(odd);
  expect(await listed(site, '/enqueued', { q: 'args.userId:1', order: 'reversed' })).toEqual(
    odd.toReversed(),
  );
  expect(await listed(site, '/jobs', { q: 'tag:"odd or even" args.userId:1' })).toEqual(odd.toReversed());
  const html = await site.page('/enqueued?q=args.userId:1&size=10&order=reversed');
  expect(listedIds(html)).toEqual(odd.toReversed().slice(0, 10));
  const next = /href="\/jobs([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(listedIds(await site.page(next))).toEqual(odd.toReversed().slice(10));
  expect(next).toContain('q=args.userId%3A1');
});

test('what cannot be read as a search is said beside the box, with what was probably meant', async () => {
  const site = openSite(url);
  const html = await site.page('/enqueued?q=nmae:place-order');
  expect(html).toContain('aria-invalid="true"');
  expect(html).toContain('Did you mean: name:place-order');
  expect(listedIds(html)).toEqual([]);
});

test('an act on what is ticked leads back to the search', async () => {
  const site = openSite(url);
  const id = await site.firelock.enqueue(order, { userId: 77 });
  const { headers } = await site
    .post('/enqueued/delete', { ids: id, q: 'args.userId:77', size: '20' })
    .expect(303);
  expect(headers['location']).toBe('/jobs/enqueued?q=args.userId%3A77&size=20&done=delete.1.1');
});

test('the box offers qualifiers, and the values that there are', async () => {
  const site = openSite(url);
  await site.firelock.enqueue(order, { userId: 1 });
  const offered = async (q: string) => {
    // The route answers nothing else.
    const { body } = await site.get(`/completions?${new URLSearchParams({ q }).toString()}`).expect(200);
    return (body as { readonly value: string }[]).map(({ value }) => value);
  };
  expect(await offered('sta')).toEqual(['state:']);
  expect(await offered('tag:vip state:de')).toEqual(['tag:vip state:dead', 'tag:vip state:deleted']);
  expect(await offered('name:pl')).toEqual(['name:place-order']);
});

test('dead letters are grouped by job and error, whatever numbers are in it, and each group leads to its list', async () => {
  const site = openSite(url);
  const charge = defineJob({
    name: 'charge',
    args: z.object({ orderId: z.number() }),
    retry: { attempts: 1 },
    handler: ({ orderId }) => Promise.reject(new Error(`card of order ${orderId} declined`)),
  });
  await startServer(site.firelock, { jobs: [charge] });
  const ids = await site.firelock.enqueueMany(charge, [{ orderId: 7 }, { orderId: 1234 }]);
  for (const id of ids) await jobInState(site.firelock, id, 'dead');
  const html = await site.page('/dead/groups');
  expect(html).toMatch(/card of order \* declined[^]*data-heading="Count"><span>2</);
  const list =
    /<th scope="row"><a href="\/jobs([^"]+)">charge</.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(new Set(listedIds(await site.page(list)))).toEqual(new Set(ids));
});
