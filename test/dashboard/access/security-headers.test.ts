import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

test.each(['/', '/failed', '/nothing-here', '/failed/delete'])(
  '%s is sent with a strict policy and is not stored',
  async (path) => {
    const { headers } = await openSite(url).get(path);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  },
);

test('the refusal has the same headers', async () => {
  const { headers } = await openSite(url, { authorize: () => false })
    .get('/')
    .expect(403);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['cache-control']).toBe('no-store');
});

test('pages contain no inline script and no inline style', async () => {
  const site = openSite(url);
  for (const path of ['/', '/failed', '/recurring', '/servers']) {
    const html = await site.page(path);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/jobs/public/dashboard.js">']);
  }
});

test.each([
  ['dashboard.css', 'text/css; charset=utf-8'],
  ['dashboard.js', 'text/javascript; charset=utf-8'],
  ['firelock.svg', 'image/svg+xml'],
])('%s is sent once and then confirmed by its ETag, to those who are refused, too', async (file, type) => {
  const site = openSite(url, { authorize: () => false });
  const { headers } = await site.get(`/public/${file}`).expect(200).expect('Content-Type', type);
  expect(headers['x-content-type-options']).toBe('nosniff');
  await site
    .get(`/public/${file}`)
    .set('If-None-Match', headers['etag'] ?? '')
    .expect(304);
});

test('nothing else is served from the files', async () => {
  const site = openSite(url);
  for (const path of [
    '/public',
    '/public/',
    '/public/../layout.ejs',
    '/public/%2e%2e/layout.ejs',
    '/public/none.css',
  ]) {
    expect((await site.get(path)).status).toBe(404);
  }
});
