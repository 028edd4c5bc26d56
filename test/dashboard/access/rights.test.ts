import { pino } from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Right, rights } from '../../../src/dashboard/access/rights.js';
import type { Authorization } from '../../../src/dashboard/options.js';
import { defineJob } from '../../../src/job/definition.js';
import { auditLines } from '../../audit-lines.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { openFirelock } from '../../firelock.js';
import { furnish } from '../furniture.js';
import { openSite, type Site, siteOf } from '../site.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const SECRET = 'hunter2';
const charge = defineJob({ name: 'charge', queue: 'nobody', args: z.any() });

const having = (...own: readonly Right[]) => ({ authorize: () => ({ name: 'ann', rights: own }) });

/** The labels and addresses of everything on a page that leads to an act. */
function actsOn(html: string): readonly string[] {
  const main = html.slice(html.indexOf('<main'));
  const posts = [...main.matchAll(/<button [^>]*formaction="([^"]+)"/g)];
  const links = [...main.matchAll(/<a class="button(?: danger)?" href="([^"]+)"(?! rel)/g)];
  const addresses = [...posts, ...links].map(([, address = '']) => address);
  // From an act on all that match back to its list.
  return addresses.filter((address) => address !== '/jobs/failed');
}

test('the name that authorize answers is who did it: in the history, in the audit log, and at the side of every page', async () => {
  const site = openSite(url, { authorize: () => ({ name: ' ann@example.com ', rights: 'all' }) });
  await client.query('truncate firelock.audit_log');
  const id = await site.firelock.enqueue(charge, {});
  await site.post(`/${id}/delete`, { reason: 'sent twice' }).expect(303);
  expect((await site.firelock.getJob(id))?.history.at(-1)).toMatchObject({
    by: 'ann@example.com',
    reason: 'sent twice',
  });
  expect(await auditLines(client)).toMatchObject([
    ['ann@example.com', 'delete', 'job', id, 'sent twice', { state: 'enqueued' }, { state: 'deleted' }],
  ]);
  expect(await site.page('/')).toContain('<b>ann@example.com</b>');
});

test.each<[Right | undefined, RegExp]>([
  [undefined, /^$/],
  ['act', /^\/jobs\/(?:\d+|dead|failed|bulk)/],
  ['pause', /^\/jobs\/queues\/(?:pause|resume)/],
  ['manage-recurring', /^\/jobs\/recurring\/(?!job)/],
  ['manage-servers', /^\/jobs\/servers\/(?:quiet|wake|stop)/],
])('with the right %s, pages offer its acts and no others', async (right, own) => {
  const site = openSite(url, having('view', ...(right === undefined ? [] : [right])));
  const { jobs, bulkAct } = await furnish(site.firelock, client);
  const places = [
    '/',
    '/dead',
    '/dead/groups',
    `/${jobs.failed}`,
    `/bulk/${bulkAct}`,
    '/queues',
    '/servers',
    '/recurring',
  ];
  const offered: string[] = [];
  for (const place of [...places, '/recurring/job?id=tell-nobody']) {
    const html = await site.page(place);
    offered.push(...actsOn(html));
    expect(html.includes('Read-only')).toBe(right === undefined);
  }
  expect(offered.filter((address) => !own.test(address))).toEqual([]);
  expect(offered.length > 0).toBe(right !== undefined);
});

test('the audit log is in the navigation of those who may see it', async () => {
  expect(await openSite(url, having('view', 'view-audit')).page('/')).toContain('href="/jobs/audit"');
  expect(await openSite(url, having('view')).page('/')).not.toContain('href="/jobs/audit"');
});

/** A job and a recurring job with secret args, and everything that people do to them. */
async function withSecrets({ firelock }: Site) {
  const args = { password: SECRET };
  const id = await firelock.enqueue(charge, args);
  await firelock.runAgain(id, { args: SECRET, by: 'ben' });
  await firelock.addOrUpdateRecurring('monthly', charge, args, '@monthly');
  await firelock.overrideRecurring('monthly', { args: { ...args, also: 1 } }, { by: 'ben' });
  await firelock.triggerRecurring('monthly', { args, by: 'ben' });
  await client.query(`update firelock.jobs set attempt = 1, result = '"${SECRET}"' where id = $1`, [id]);
  await client.query('insert into firelock.job_logs values ($1, 1, 1, now(), $2)', [
    id,
    JSON.stringify([[0, 'info', SECRET, { fact: SECRET }]]),
  ]);
  return id;
}

const allButArgs = rights.filter((right) => right !== 'view-args');

test('without view-args, no page shows args, results or log lines', async () => {
  const site = openSite(url, having(...allButArgs));
  const id = await withSecrets(site);
  const pages = ['/', '/jobs', '/enqueued', `/${id}`, `/${id}/again`, '/audit', '/recurring'];
  for (const path of [...pages, ...['job', 'run', 'change'].map((page) => `/recurring/${page}?id=monthly`)])
    expect({ path, tells: (await site.page(path)).includes(SECRET) }).toEqual({ path, tells: false });
  for (const path of [`/${id}/args`, `/${id}/result`]) await site.get(path).expect(403);
  const page = await site.page(`/${id}`);
  expect(page).toContain('Hidden: seeing args and results needs a right of its own.');
  expect(page).toContain('await firelock.enqueue(charge, {}, { queue: &#39;nobody&#39; });');
});

test('with view-args, they are on all of these pages', async () => {
  const site = openSite(url, having('view', 'view-args', 'view-audit'));
  const id = await withSecrets(site);
  for (const path of ['/enqueued', `/${id}`, '/audit', '/recurring/job?id=monthly'])
    expect(await site.page(path)).toContain(SECRET);
});

test('without view-args, what a search asks of args is left out and said so, and no act is based on it', async () => {
  const site = openSite(url, having(...allButArgs));
  await client.query('truncate firelock.jobs, firelock.bulk_acts');
  const ids = await site.firelock.enqueueMany(charge, [{ password: SECRET }, { password: 'other' }]);
  const q = encodeURIComponent(`name:charge args.password:${SECRET}`);
  const html = await site.page(`/enqueued?q=${q}`);
  expect(html).toContain('Searching in args needs the right to see them: that part was left out.');
  for (const id of ids) expect(html).toContain(`id="job-${id}"`);
  expect(await site.page(`/enqueued/all/delete?q=${q}`)).toMatch(/<button class="danger" disabled>/);
  const refused = await site.post('/enqueued/all/delete', { q: decodeURIComponent(q) }).expect(303);
  expect(refused.headers['location']).toContain('/enqueued/all/delete?q=');
  expect((await client.query('select from firelock.bulk_acts')).rowCount).toBe(0);
});

test('without view-args, what others have searched for in args is left out, too', async () => {
  const site = openSite(url, having('view', 'view-args', 'act'));
  await client.query('truncate firelock.jobs, firelock.bulk_acts, firelock.audit_log');
  await site.firelock.enqueue(charge, { password: SECRET });
  const started = await site.post('/enqueued/all/delete', { q: `name:charge args.password:${SECRET}` });
  const place = (started.headers['location'] ?? '').replace('/jobs', '');
  expect(await site.page(place)).toContain(SECRET);
  const other = openSite(url, having(...allButArgs));
  for (const path of [place, '/audit']) {
    const html = await other.page(path);
    expect(html).toContain('name:charge (args are hidden)');
    expect(html).not.toContain(SECRET);
  }
});

const unknown: readonly unknown[] = [
  undefined,
  null,
  1,
  'true',
  'all',
  'admin',
  {},
  [],
  ['view'],
  { rights: 'admin' },
  { rights: ['view', 'fly'] },
  { name: '', rights: 'all' },
  { name: 'x'.repeat(201), rights: 'all' },
  { name: 7, rights: 'all' },
  { rights: 'all', role: 'admin' },
];

test.each(unknown.map((answer) => [answer]))(
  'what authorize may not answer (%j) opens nothing, and the log says what is wrong with it',
  async (answer) => {
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    // A caller without types may answer anything.
    const site = siteOf(openFirelock(url, { logger }), { authorize: () => answer as Authorization });
    await site.get('/').expect(403);
    await site.post('/queues/pause', { queue: 'default' }).expect(403);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("what the dashboard's authorize answered opens nothing");
    expect(lines[0]).toMatch(/"problem":"✖ /);
  },
);

test.each([{ rights: [] }, { rights: ['act', 'view-args'] as const }])(
  'rights without view (%j) open nothing: it counts alone',
  async (answer) => {
    const site = openSite(url, { authorize: () => answer });
    await site.get('/').expect(403);
    await site.post('/1/delete').expect(403);
  },
);

test('a name that Postgres cannot keep is kept as far as it can', async () => {
  const site = openSite(url, { authorize: () => ({ name: 'a\0b', rights: 'all' }) });
  await site.post('/queues/pause', { queue: 'kept' }).expect(303);
  expect(await site.page('/queues')).toContain('a\uFFFDb');
  await site.get('/audit?by=%00').expect(200);
});
