import type { Request } from 'express';
import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { openSite, type Site } from '../site.js';

const url = await fileDatabase();
const LIMIT = 240;

/** So many acts of one visitor; answers how many of each status there were. */
async function act(site: Site, times: number, headers: Readonly<Record<string, string>> = {}) {
  const counts: Record<number, number> = {};
  for (let time = 0; time < times; time += 1) {
    const { status } = await site.post('/failed/retry').set(headers);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

const named = {
  authorize: (req: Request) => ({ name: req.get('x-user') ?? 'nobody', rights: 'all' as const }),
};

test('a visitor who acts too often in a minute is told so, and may look all the same', async () => {
  const site = openSite(url);
  expect(await act(site, LIMIT + 3)).toEqual({ 303: LIMIT, 429: 3 });
  const { text, headers } = await site.post('/failed/retry').expect(429);
  expect(text).toContain('Too many acts at once');
  expect(text).toContain('At most 240 acts a minute');
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(headers['cache-control']).toBe('no-store');
  await site.get('/failed').expect(200);
});

test('two visitors with names do not share the limit, wherever they are', async () => {
  const site = openSite(url, named);
  expect(await act(site, LIMIT + 1, { 'x-user': 'ann' })).toEqual({ 303: LIMIT, 429: 1 });
  expect(await act(site, 1, { 'x-user': 'ben' })).toEqual({ 303: 1 });
});

test('looking is not limited', async () => {
  const site = openSite(url);
  for (let time = 0; time < LIMIT + 1; time += 1) await site.get('/completions?q=st').expect(200);
  expect(await act(site, 1)).toEqual({ 303: 1 });
});
