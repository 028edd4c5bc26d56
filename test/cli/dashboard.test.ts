import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { auditLines } from '../audit-lines.js';
import { fileConnection, fileDatabase } from '../database.js';
import { isLoopback } from '../../src/cli/website.js';
import { type RunningCommand, firelock, start } from './command.js';

const env = { DATABASE_URL: await fileDatabase(), PORT: '0' };
const client = await fileConnection(env.DATABASE_URL);
const secrets = { FIRELOCK_DASHBOARD_USER: 'ops', FIRELOCK_DASHBOARD_PASSWORD: 'sesame: open' };

async function urlOf(command: RunningCommand): Promise<string> {
  const [, url = ''] = await command.printed(/^Dashboard +(http:\S+)$/m);
  return url;
}

function basic(credentials: string): { readonly headers: Record<string, string> } {
  return { headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

test('serves the dashboard on loopback until Ctrl-C, with its styles', async () => {
  const command = start(['dashboard'], { env });
  const url = await urlOf(command);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await fetch(url);
  expect({ status: page.status, html: await page.text() }).toEqual({
    status: 200,
    html: expect.stringContaining('Firelock'),
  });
  expect(page.headers.get('content-security-policy')).not.toBeNull();
  expect((await fetch(new URL('no/such/page', url))).status).toBe(404);
  command.signal('SIGINT');
  expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
});

test('asks for user and password when they are set, on every path, and is then open to other machines', async () => {
  const command = start(['dashboard', '--host', '0.0.0.0'], { env: { ...env, ...secrets } });
  const url = (await urlOf(command)).replace('0.0.0.0', '127.0.0.1');
  for (const given of [
    {},
    basic('ops:wrong'),
    basic('ops'),
    basic('ops:sesame: opened'),
    { headers: { authorization: 'x' } },
  ]) {
    const refused = await fetch(new URL('jobs/failed', url), given);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm="Firelock"/);
    expect(await refused.text()).toBe('Authentication is required.\n');
  }
  const { headers } = basic('ops:sesame: open');
  const page = await fetch(url, { headers: { ...headers, 'x-forwarded-for': '203.0.113.9' } });
  expect(page.status).toBe(200);
  command.signal('SIGTERM');
  expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
});

test('whoever gave the password acts by the name of the user, in the audit log as on the pages', async () => {
  const url = await urlOf(start(['dashboard'], { env: { ...env, ...secrets } }));
  const { headers } = basic('ops:sesame: open');
  const acted = await fetch(new URL('queues/pause', url), {
    method: 'POST',
    headers: { ...headers, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ queue: 'emails', reason: 'the mail server is down' }),
    redirect: 'manual',
  });
  expect(acted.status).toBe(303);
  expect(await auditLines(client)).toMatchObject([
    ['ops', 'pause', 'queue', 'emails', 'the mail server is down', null, { by: 'ops' }],
  ]);
  expect(await (await fetch(new URL('audit', url), { headers })).text()).toContain('<b>ops</b>');
});

test.each(['0.0.0.0', 'jobs.example.org'])('does not start at %s without a password', async (host) => {
  const { code, stdout, stderr } = await firelock(['dashboard', '--host', host], { env });
  expect(stderr).toMatch(
    /^At \S+ others can reach the dashboard.*Set FIRELOCK_DASHBOARD_USER and FIRELOCK_DASHBOARD_PASSWORD.*\n$/,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('does not start on a schema that is not migrated', async () => {
  const { code, stderr } = await firelock(['dashboard', '--schema', 'nowhere'], { env });
  expect(stderr).toMatch(
    /^Schema 'nowhere' is missing or older .*Run 'npx firelock migrate --schema nowhere'.*\n$/,
  );
  expect(code).toBe(1);
});

test('says in one line that its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const address = other.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const { code, stderr } = await firelock(['dashboard', '--port', port], { env });
  expect(stderr).toBe(`Cannot listen at 127.0.0.1:${port} (EADDRINUSE). Choose another --port or --host.\n`);
  expect(code).toBe(1);
});

test.each([
  ['127.0.0.1', true],
  ['127.0.0.53', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.example.org', false],
  ['10.127.0.0', false],
])('whether %s is loopback: %j', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
