import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { idle, working } from '../jobs.js';
import { flashOn, openSite, type Site } from '../site.js';

const url = await fileDatabase();
const greet = defineJob({ name: 'greet', args: z.object({ name: z.string() }), queue: 'nobody' });

/** Posts, and answers the path and the text of the page that is shown then. */
async function send(site: Site, path: string, fields: Record<string, string>) {
  const { headers } = await site.post(path, fields).expect(303);
  const to = (headers['location'] ?? '').replace(/^\/jobs/, '');
  return { to: to.replace(/\?.*/, ''), html: await site.page(to) };
}

test('a job is run again with other args: a new job that names its model', async () => {
  const site = openSite(url, { authorize: () => ({ name: 'ann', rights: 'all' }) });
  const model = await site.firelock.enqueue(greet, { name: 'Ada' }, { tags: ['vip'] });
  expect(await site.page(`/${model}/again`)).toContain('&#34;name&#34;: &#34;Ada&#34;');
  const { to, html } = await send(site, `/${model}/again`, { args: '{"name":"Grace"}', reason: 'asked for' });
  const copy = await site.firelock.getJob(to.slice(1));
  expect(copy).toMatchObject({ name: 'greet', args: { name: 'Grace' }, modelId: model, tags: ['vip'] });
  expect(html).toContain(`<a href="/jobs/${model}">#${model}</a>`);
  expect(await site.page(`/${model}`)).toContain('asked for');
});

test('args that are no JSON are said to be so, and shown as they were typed', async () => {
  const site = openSite(url);
  const model = await site.firelock.enqueue(greet, { name: 'Ada' });
  const { text } = await site.post(`/${model}/again`, { args: '{"name":' }).expect(422);
  expect(text).toContain('The args are not JSON');
  expect(text).toContain('{&#34;name&#34;:</textarea>');
});

test('a waiting job is planned for another time, from now on or at an instant', async () => {
  const site = openSite(url);
  const id = await site.firelock.enqueue(greet, { name: 'Ada' });
  const later = await send(site, `/${id}/reschedule`, { from: 'enqueued', when: '2h' });
  expect(flashOn(later.html)).toBe('1 job was planned for another time.');
  expect(later.html).toMatch(/It waits for its time: in (?:2 h|1 h)/);
  await send(site, `/${id}/reschedule`, { when: '2030-12-24T18:00:00Z' });
  expect((await site.firelock.getJob(id))?.runAt).toEqual(new Date('2030-12-24T18:00:00Z'));
  for (const when of ['soon', '2030-13-45', '90'])
    expect((await site.post(`/${id}/reschedule`, { when }).expect(422)).text).toContain('role="alert"');
  expect((await site.firelock.getJob(id))?.runAt).toEqual(new Date('2030-12-24T18:00:00Z'));
});

test('the queue and the priority of a waiting job are changed, and its history says by whom', async () => {
  const site = openSite(url, { authorize: () => ({ name: 'ann', rights: 'all' }) });
  const id = await site.firelock.enqueue(greet, { name: 'Ada' });
  const fields = { from: 'enqueued', queue: 'bulk', priority: 'low', reason: 'no hurry' };
  const { html } = await send(site, `/${id}/change`, fields);
  expect(await site.firelock.getJob(id)).toMatchObject({ queue: 'bulk', priority: 'low', state: 'enqueued' });
  expect(html).toMatch(/Changed[^]*ann[^]*no hurry[^]*queue: nobody → bulk[^]*priority: normal → low/);
  expect((await site.post(`/${id}/change`, { queue: '', priority: 'urgent' })).status).toBeLessThan(500);
});

test('a form about a job that is no longer in a state it fits leads back to its page', async () => {
  const site = openSite(url);
  await startServer(site.firelock, { jobs: [working] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(working), 'succeeded');
  for (const act of ['reschedule', 'change', 'delete']) {
    const { headers } = await site.get(`/${id}/${act}`).expect(303);
    expect(headers['location']).toBe(`/jobs/${id}?done=${act}.0.1`);
  }
  for (const act of ['again', 'change', 'reschedule', 'delete']) await site.get(`/999999/${act}`).expect(404);
});

test('the whole of args and result can be had as JSON', async () => {
  const site = openSite(url);
  const id = await site.firelock.enqueue(greet, { name: 'Ada' });
  const { body } = await site
    .get(`/${id}/args`)
    .expect(200)
    .expect('Content-Type', /^application\/json/);
  expect(body).toEqual({ name: 'Ada' });
  expect((await site.get(`/${id}/result`).expect(200)).body).toBeNull();
});

test('an enqueued job says why it waits: no server, no handler, a pause, or a slot', async () => {
  const site = openSite(url);
  const job = defineJob({ name: 'waits-here', queue: 'why' });
  const id = await site.firelock.enqueue(job);
  expect(await site.page(`/${id}`)).toContain('no running server takes jobs from queue &#39;why&#39;');
  await startServer(site.firelock, { jobs: [working], queues: { why: 1 } });
  expect(await site.page(`/${id}`)).toContain('has a handler for &#39;waits-here&#39;');
  await site.firelock.pauseQueue('why', { by: 'ann', reason: 'wrong template' });
  expect(await site.page(`/${id}`)).toContain('queue &#39;why&#39; is paused by ann (wrong template)');
});

test('a job that a handler enqueued is listed on the page of that job, and names it', async () => {
  const site = openSite(url);
  const parent = defineJob({
    name: 'parent',
    queue: 'family',
    handler: async (_args, { firelock }) => firelock.enqueue(idle),
  });
  await startServer(site.firelock, { jobs: [parent] });
  const { id, result } = await jobInState(site.firelock, await site.firelock.enqueue(parent), 'succeeded');
  expect(await site.page(`/${id}`)).toMatch(
    new RegExp(`Jobs that it enqueued[^]*/jobs/${String(result)}">idle<`),
  );
  expect(await site.page(`/${String(result)}`)).toContain(`<a href="/jobs/${id}">#${id}</a>`);
});
