import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

test('without options, a request of this machine may look and act', async () => {
  const site = openSite(url);
  expect(await site.page('/')).toContain('<h1>Home</h1>');
  await site.post('/failed/retry').expect(303);
});

test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:80', '127.8.9.10', '[::1]', '[::1]:8080'])(
  'a request for the loopback name %s is local',
  async (host) => {
    const site = openSite(url);
    await site.get('/').set('Host', host).expect(200);
  },
);

test.each([
  'example.org',
  'localhost.example.org',
  'localhost@example.org',
  '127.0.0.1.example.org',
  '10.0.0.1',
  'localhost:80:80',
])('a request for the host %s is refused, whatever its address (DNS rebinding)', async (host) => {
  const site = openSite(url);
  const { text } = await site.get('/').set('Host', host).expect(403);
  expect(text).toContain('local requests only');
  expect(text).toContain('authorize: (req) =&gt;');
});

test.each([
  ['Forwarded', 'for=127.0.0.1'],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Host', 'localhost'],
  ['X-Forwarded-Proto', 'http'],
  ['X-Forwarded-Anything', ''],
  ['X-Real-IP', '127.0.0.1'],
  ['Via', '1.1 proxy'],
  ['CF-Connecting-IP', '127.0.0.1'],
])('a request with the header %s came through a proxy and is refused', async (name, value) => {
  const site = openSite(url);
  const { text } = await site.get('/').set(name, value).expect(403);
  expect(text).toContain(`its header ${name.toLowerCase()} tells`);
});

const outerAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test.skipIf(outerAddress === undefined)(
  'a request from another address is refused, even for localhost',
  async () => {
    const site = openSite(url);
    const server = site.app.listen(0, '0.0.0.0');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    // Listening on an address without a path answers an AddressInfo.
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://${outerAddress}:${port}/jobs`, { headers: { host: 'localhost' } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(`it comes from`);
  },
);

test('what a refused request carries is shown as text', async () => {
  const site = openSite(url);
  const { text } = await site.get('/').set('Host', '"><script>alert(1)</script>').expect(403);
  expect(text).not.toContain('<script>alert');
});
