import request from 'supertest';
import { expect, test } from 'vitest';
import { allRights, type Right } from '../../../src/dashboard/access/rights.js';
import { operations } from '../../../src/dashboard/api/operations.js';
import { auditLines } from '../../audit-lines.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { idle } from '../jobs.js';
import { hearErrors, openSite } from '../site.js';
import { callApi } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const all = [...allRights];
const without = (right: Right) => ({ rights: all.filter((each) => each !== right) });

/** Each operation at an address that it answers; what it is to be on does not exist. */
const addresses = operations.map(({ method, path, right }) => ({
  method,
  right,
  path: path.replace(':id', '999999'),
}));

test.each(addresses)('$method $path needs the right $right', async ({ method, path, right }) => {
  const refused = callApi(url, { authorize: () => without(right) });
  const { error } = method === 'get' ? await refused.get(path, 403) : await refused.post(path, {}, 403);
  expect(error).toMatchObject({ code: 'forbidden' });
  const site = openSite(url, { authorize: () => ({ rights: ['view', right] }) });
  const answer = method === 'get' ? site.get(`/api${path}`) : site.post(`/api${path}`).type('json');
  expect((await answer).status).not.toBe(403);
});

test('a visitor whom authorize refuses, or who is not a local one, is told so in JSON', async () => {
  const refused = callApi(url, { authorize: () => false });
  expect(await refused.get('/jobs', 403)).toMatchObject({
    error: { code: 'forbidden', message: 'You may not see this dashboard' },
  });
  await refused.get('/openapi.json', 403);
  await refused.get('/nothing', 403);
  const { body } = await openSite(url).get('/api/jobs').set('X-Forwarded-For', '203.0.113.9').expect(403);
  expect(body).toMatchObject({ error: { message: 'This dashboard answers local requests only' } });
});

test('what authorize throws goes to the host app', async () => {
  const thrown = new Error('session store is down');
  const site = openSite(url, { authorize: () => Promise.reject(thrown) });
  const heard = hearErrors(site.app);
  expect((await site.get('/api/jobs').expect(500)).text).toBe('the host app is sorry');
  expect(heard).toEqual([thrown]);
});

const fromElsewhere: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'Sec-Fetch-Site': 'cross-site' },
  { Origin: 'http://evil.example' },
];

test.each(fromElsewhere)(
  'a post that does not come from the dashboard itself (%j) changes nothing',
  async (headers) => {
    const { app, firelock } = openSite(url);
    const id = await firelock.enqueue(idle);
    const { body } = await request(app)
      .post(`/jobs/api/jobs/${id}/delete`)
      .set(headers)
      .type('json')
      .send({})
      .expect(403);
    expect(body).toMatchObject({ error: { message: 'This request came from elsewhere' } });
    expect((await firelock.getJob(id))?.state).toBe('enqueued');
  },
);

test.each([
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/jsonish',
  '',
])('a body that is said to be %j reaches no operation', async (type) => {
  const { app, firelock } = openSite(url);
  const id = await firelock.enqueue(idle);
  const post = request(app).post(`/jobs/api/jobs/${id}/delete`).set('Sec-Fetch-Site', 'same-origin');
  const answer = type === '' ? await post : await post.set('Content-Type', type).send('{}');
  expect(answer.status).toBe(415);
  expect(answer.body).toMatchObject({ error: { code: 'not-json' } });
  expect((await firelock.getJob(id))?.state).toBe('enqueued');
});

test('a body may be empty, and may name its encoding', async () => {
  const { app, firelock } = openSite(url);
  const id = await firelock.enqueue(idle);
  const post = () =>
    request(app)
      .post(`/jobs/api/jobs/${id}/delete`)
      .set({ 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'Application/JSON; charset=utf-8' });
  await post().expect(200, { applied: true });
  await post().send('{"reason":"sent twice"}').expect(200, { applied: false });
});

test('a body that is no JSON, no object or too large is refused', async () => {
  const { app } = openSite(url);
  const post = (text: string) =>
    request(app)
      .post('/jobs/api/jobs/999999/delete')
      .set({ 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' })
      .send(text);
  const { body } = await post('{"reason":').expect(400);
  expect(body).toMatchObject({ error: { code: 'bad-request', message: 'The body cannot be read' } });
  await post('"text"').expect(400);
  await post('[1]').expect(400);
  await post(JSON.stringify({ reason: 'x'.repeat(2000) })).expect(200);
  await post(JSON.stringify({ reason: 'x'.repeat(2001) })).expect(400);
  const large = await post(JSON.stringify({ reason: 'x'.repeat(2 * 1024 * 1024) })).expect(413);
  expect(large.body).toMatchObject({ error: { code: 'too-large' } });
});

test('acts beyond the rate are refused, with those of the pages counted', async () => {
  const site = openSite(url, { authorize: () => ({ name: 'wild', rights: 'all' }) });
  for (let count = 0; count < 239; count += 1) await site.post('/api/nothing').type('json');
  await site.post('/999999/retry').expect(303);
  const { body } = await site.post('/api/jobs/999999/retry').type('json').expect(429);
  expect(body).toMatchObject({ error: { code: 'too-many-acts' } });
  await site.get('/api/counts').expect(200);
});

test('every answer has the headers of the pages', async () => {
  const site = openSite(url);
  for (const path of ['/api/jobs', '/api/openapi.json', '/api/nothing', '/api/jobs/x', '/api']) {
    const { headers } = await site.get(path);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  }
});

test('who acts is who authorize says, whatever the body says', async () => {
  const { firelock, post } = callApi(url, { authorize: () => ({ name: 'ada', rights: 'all' }) });
  const id = await firelock.enqueue(idle);
  await post(`/jobs/${id}/delete`, { by: 'bob' }, 400);
  await post(`/jobs/${id}/delete`, { reason: 'NUL \0' });
  expect((await auditLines(client)).at(-1)?.slice(0, 5)).toEqual(['ada', 'delete', 'job', id, 'NUL \uFFFD']);
});
