import request from 'supertest';
import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

function expectStrict(headers: Readonly<Record<string, unknown>>): void {
  expect(headers).toMatchObject({
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
  for (const name of ['strict-transport-security', 'etag', 'set-cookie'])
    expect(headers).not.toHaveProperty(name);
}

test.each(['/', '/failed', '/nothing-here', '/failed/delete', '/1/args', '/completions?q=st'])(
  '%s is sent with exactly our policy, and is not stored',
  async (path) => {
    const { headers } = await openSite(url).get(path);
    expectStrict(headers);
    expect(headers['cache-control']).toBe('no-store');
  },
);

test('the refusals of visitors and of other sites have the same headers', async () => {
  const stranger = await openSite(url, { authorize: () => false })
    .get('/')
    .expect(403);
  const elsewhere = await openSite(url).post('/failed/retry').set('Sec-Fetch-Site', 'cross-site').expect(403);
  for (const { headers } of [stranger, elsewhere]) {
    expectStrict(headers);
    expect(headers['cache-control']).toBe('no-store');
  }
});

test.each([
  ['dashboard.css', 'text/css; charset=utf-8'],
  ['dashboard.js', 'text/javascript; charset=utf-8'],
  ['firelock.svg', 'image/svg+xml'],
])('%s is sent once and then confirmed by its ETag, to those who are refused, too', async (file, type) => {
  const site = openSite(url, { authorize: () => false });
  const { headers } = await site.get(`/public/${file}`).expect(200).expect('Content-Type', type);
  const { etag = '', ...rest } = headers;
  expectStrict(rest);
  await site.get(`/public/${file}`).set('If-None-Match', etag).expect(304);
});

test('the library that the scripts use is confirmed by its date', async () => {
  const site = openSite(url, { authorize: () => false });
  const { headers } = await site.get('/public/idiomorph.js').expect(200);
  expectStrict(headers);
  const date = headers['last-modified'] ?? '';
  await site.get('/public/idiomorph.js').set('If-Modified-Since', date).expect(304);
});

test('the dashboard does not say what it is made of; what the host app says is its own affair', async () => {
  const { headers } = await request(openSite(url).firelock.dashboard()).get('/').expect(200);
  expect(headers).not.toHaveProperty('x-powered-by');
});

test('nothing else is served from the files', async () => {
  const site = openSite(url);
  for (const path of [
    '/public',
    '/public/',
    '/public/../layout.ejs',
    '/public/%2e%2e/layout.ejs',
    '/public/..%2flayout.ejs',
    '/public/none.css',
  ]) {
    expect((await site.get(path)).status).toBe(404);
  }
});
