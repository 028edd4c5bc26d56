import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, Router } from 'express';
import request from 'supertest';
import { expect, onTestFinished, test } from 'vitest';
import type { Firelock } from '../../../src/firelock.js';
import { fileDatabase } from '../../database.js';
import { openFirelock } from '../../firelock.js';
import { idle } from '../jobs.js';

const url = await fileDatabase();

type Mount = (dashboard: Express) => Parameters<typeof request>[0];

const mounts: Readonly<Record<string, readonly [base: string, mount: Mount]>> = {
  'under a nested path': ['/admin/tools/jobs', (dashboard) => express().use('/admin/tools/jobs', dashboard)],
  'in a router of a router': [
    '/admin/tools/jobs',
    (dashboard) => express().use('/admin', Router().use('/tools', Router().use('/jobs', dashboard))),
  ],
  'under a path that ends with a slash': ['/jobs', (dashboard) => express().use('/jobs/', dashboard)],
  'at the root of an app': ['', (dashboard) => express().use(dashboard)],
  'under a path with a parameter': [
    '/acme%20inc/jobs',
    (dashboard) => express().use('/:tenant/jobs', dashboard),
  ],
  'by bare node:http': ['', (dashboard) => createServer(dashboard)],
  'behind a body parser of the host app': [
    '/jobs',
    (dashboard) =>
      express()
        .use(express.urlencoded({ extended: true }), express.json())
        .use('/jobs', dashboard),
  ],
  'in an app that has its own ideas': ['/jobs', (dashboard) => opinionated().use('/jobs', dashboard)],
};

/** Settings that would break a dashboard which depended on them. */
function opinionated(): Express {
  const app = express();
  app.set('query parser', false);
  app.set('view engine', 'pug');
  app.set('views', '/nowhere');
  app.set('strict routing', true);
  app.set('trust proxy', true);
  app.locals['title'] = 'another';
  return app.use((_req, res, next) => {
    res.locals['url'] = 'another';
    next();
  });
}

async function expectToWork(firelock: Firelock, [base, mount]: readonly [string, Mount]): Promise<void> {
  const app = mount(firelock.dashboard());
  const id = await firelock.enqueue(idle);
  const { text } = await request(app).get(`${base}/enqueued`).expect(200);
  expect(text).toContain(`href="${base}/public/dashboard.css"`);
  expect(text).toContain(`<a href="${base}/${id}">idle</a>`);
  expect(text).toContain(`formaction="${base}/enqueued/delete"`);
  await request(app).get(`${base}/public/dashboard.css`).expect(200);
  await request(app)
    .get(`${base}/enqueued/?done=delete.1.1`)
    .expect(200)
    .expect(/1 job was deleted/);
  const act = request(app).post(`${base}/enqueued/delete`).set('Sec-Fetch-Site', 'same-origin').type('form');
  await act
    .send({ ids: [id] })
    .expect(303)
    .expect('Location', `${base}/enqueued?done=delete.1.1`);
  expect((await firelock.getJob(id))?.state).toBe('deleted');
  await expectApiToWork(app, { base, id });
}

async function expectApiToWork(
  app: Parameters<typeof request>[0],
  { base, id }: { readonly base: string; readonly id: string },
): Promise<void> {
  const { body } = await request(app).get(`${base}/api/openapi.json`).expect(200);
  expect(body).toMatchObject({ servers: [{ url: `${base}/api` }] });
  const page = await request(app).get(`${base}/api/jobs?q=id:${id}&state=deleted`).expect(200);
  expect(page.body).toMatchObject({ jobs: [{ id }] });
  const act = request(app).post(`${base}/api/jobs/${id}/requeue`).set('Sec-Fetch-Site', 'same-origin');
  await act.send({ reason: 'a test' }).expect(200, { applied: true });
}

test.each(Object.entries(mounts))('the dashboard works %s', async (_where, mount) => {
  await expectToWork(openFirelock(url), mount);
});

test.each(['/jobs', '/jobs/', '/jobs?x=1', '/jobs/?x=1'])('the home page answers at %s', async (path) => {
  const app = express().use('/jobs', openFirelock(url).dashboard());
  const { text } = await request(app).get(path).expect(200);
  expect(text).toContain('<h1>Home</h1>');
  expect(text).toContain('href="/jobs/failed"');
});

test('a mount path never makes links that lead to another host', async () => {
  const app = express().use('/*anything/jobs', openFirelock(url).dashboard());
  const { text } = await request(app).get('//evil.example/jobs/failed').expect(200);
  expect(text).not.toContain('"//evil.example');
  expect(text).toContain('href="/evil.example/jobs/failed"');
});

test('the host app keeps its own settings and its other routes', async () => {
  const app = express().use('/jobs', openFirelock(url).dashboard());
  app.get('/other', (req, res) => void res.json({ query: req.query, app: req.app === app }));
  const { body, headers } = await request(app).get('/other?a=1').expect(200);
  expect(body).toEqual({ query: { a: '1' }, app: true });
  expect(headers).not.toHaveProperty('content-security-policy');
});

test('an address that a client sends whole is understood, and its host is in no link', async () => {
  const app = express().use('/jobs', openFirelock(url).dashboard());
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // Listening on a port answers an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const asked = get({ port, path: 'http://evil.example/jobs/failed', headers: { host: 'localhost' } });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const html = (await answer.setEncoding('utf8').toArray()).join('');
  expect(answer.statusCode).toBe(200);
  expect(html).toContain('href="/jobs/dead"');
  expect(html).not.toContain('evil.example');
});
