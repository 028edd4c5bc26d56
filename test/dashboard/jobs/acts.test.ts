import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { type ReachedState, endless, failing, idle, jobInEachState, wasMoved } from '../jobs.js';
import { type Fields, type Site, flashOn, openSite } from '../site.js';

const url = await fileDatabase();

interface Offered {
  /** Of what is ticked in the list. */
  readonly ticked: readonly string[];
  /** Of all of the list. */
  readonly all: readonly string[];
  readonly ofOne: readonly string[];
}

const offered: Readonly<Record<ReachedState, Offered>> = {
  scheduled: {
    ticked: ['requeue', 'delete'],
    all: ['requeue', 'delete'],
    ofOne: ['requeue', 'reschedule', 'change', 'again', 'delete'],
  },
  enqueued: { ticked: ['delete'], all: ['delete'], ofOne: ['reschedule', 'change', 'again', 'delete'] },
  processing: { ticked: ['delete'], all: ['delete'], ofOne: ['again', 'delete'] },
  failed: {
    ticked: ['retry', 'delete'],
    all: ['retry', 'delete'],
    ofOne: ['retry', 'reschedule', 'change', 'again', 'delete'],
  },
  dead: { ticked: ['retry', 'delete'], all: ['retry', 'delete'], ofOne: ['retry', 'again', 'delete'] },
  succeeded: { ticked: ['requeue'], all: ['requeue'], ofOne: ['requeue', 'again'] },
  deleted: { ticked: ['requeue'], all: ['requeue'], ofOne: ['requeue', 'again'] },
};

/** The acts to which buttons and links of a page lead, beneath a path. */
function actsUnder(path: string, html: string): readonly string[] {
  const addresses = [...html.matchAll(/(?:formaction|class="button[^"]*" href)="([^"?]+)/g)];
  return addresses.flatMap(([, address = '']) => {
    const [base, act = ''] = address.split(/\/(?=\w+$)/);
    return base === `/jobs${path}` ? [act] : [];
  });
}

/** Posts and follows the redirect: the page that the visitor sees then. */
async function press(
  site: Site,
  path: string,
  fields?: Fields,
): Promise<{ readonly to: string; readonly html: string }> {
  const answer = await site.post(path, fields).expect(303);
  const to = (answer.headers['location'] ?? '').replace(/^\/jobs/, '');
  return { to: to.replace(/\?.*/, ''), html: await site.page(to) };
}

test('lists and job pages offer the acts that apply in the state', async () => {
  const site = openSite(url);
  const ids = await jobInEachState(site.firelock);
  for (const [state, acts] of Object.entries(offered)) {
    const id = ids[state as ReachedState];
    const [list, page] = [await site.page(`/${state}`), await site.page(`/${id}`)];
    const found = {
      ticked: actsUnder(`/${state}`, list),
      all: actsUnder(`/${state}/all`, list),
      ofOne: actsUnder(`/${id}`, page),
    };
    expect({ state, ...found }).toEqual({ state, ...acts });
  }
});

test.each([
  ['failed', 'retry', 'enqueued'],
  ['failed', 'delete', 'deleted'],
  ['dead', 'retry', 'enqueued'],
  ['dead', 'delete', 'deleted'],
  ['scheduled', 'requeue', 'enqueued'],
  ['scheduled', 'delete', 'deleted'],
  ['succeeded', 'requeue', 'enqueued'],
  ['deleted', 'requeue', 'enqueued'],
  ['enqueued', 'delete', 'deleted'],
  ['processing', 'delete', 'deleted'],
] as const)('the %s job is acted on by %s from its page and from its list', async (state, act, target) => {
  const site = openSite(url);
  const one = (await jobInEachState(site.firelock))[state];
  const single = await press(site, `/${one}/${act}`, { from: state });
  expect(single.to).toBe(`/${one}`);
  expect(flashOn(single.html)).toMatch(/^1 job was /);
  expect(await wasMoved(site.firelock, one, target)).toBe(true);

  const [two, three] = [
    (await jobInEachState(site.firelock))[state],
    (await jobInEachState(site.firelock))[state],
  ];
  const several = await press(site, `/${state}/${act}`, { ids: [two, three] });
  expect(several.to).toBe(`/${state}`);
  expect(flashOn(several.html)).toMatch(/^2 jobs were /);
  for (const id of [two, three]) expect(await wasMoved(site.firelock, id, target)).toBe(true);
});

test('with nothing ticked, every button of a list says what to do', async () => {
  const site = openSite(url);
  for (const path of ['/failed/retry', '/scheduled/requeue', '/dead/delete']) {
    const { html } = await press(site, path);
    expect(flashOn(html)).toBe('Nothing was selected. Tick one or more jobs first.');
  }
  const asked = await site.get('/dead/delete').expect(303);
  expect(flashOn(await site.page((asked.headers['location'] ?? '').replace('/jobs', '')))).toContain(
    'Nothing was selected',
  );
});

test('a job that has moved on since the page was shown is left alone, and the message says so', async () => {
  const site = openSite(url);
  await startServer(site.firelock, { jobs: [endless] });
  const running = (await jobInState(site.firelock, await site.firelock.enqueue(endless), 'processing')).id;
  const waiting = await site.firelock.enqueue(idle);
  const bulk = await press(site, '/enqueued/delete', { ids: [waiting, running] });
  expect(flashOn(bulk.html)).toBe(
    '1 job was deleted. 1 job was left alone: no longer there, or in another state by now.',
  );
  const single = await press(site, `/${running}/delete`, { from: 'enqueued' });
  expect(flashOn(single.html)).toMatch(/^Nothing was changed\./);
  expect((await site.firelock.getJob(running))?.state).toBe('processing');
});

test('deleting asks first, for one job and for several, and keeps the reason', async () => {
  const site = openSite(url);
  const [one, two, three] = await site.firelock.enqueueMany(idle, [undefined, undefined, undefined]);
  const single = await site.page(`/${one}/delete`);
  expect(single).toContain('<h1>Delete idle?</h1>');
  expect(single).toContain(`action="/jobs/${one}/delete"`);
  const several = await site.page(`/enqueued/delete?ids=${two}&ids=${three}`);
  expect(several).toContain('<h1>Delete 2 jobs?</h1>');
  expect(several).toContain(`name="ids" value="${three}"`);
  expect((await site.firelock.getJob(one ?? ''))?.state).toBe('enqueued');
  await press(site, `/${one}/delete`, { from: 'enqueued', reason: '  sent twice \0 ' });
  expect((await site.firelock.getJob(one ?? ''))?.history.at(-1)).toMatchObject({
    by: 'dashboard',
    reason: 'sent twice \uFFFD',
  });
});

test('asking to delete a job that cannot be deleted leads back to its page', async () => {
  const site = openSite(url);
  const { succeeded } = await jobInEachState(site.firelock);
  const answer = await site.get(`/${succeeded}/delete`).expect(303);
  expect(answer.headers['location']).toBe(`/jobs/${succeeded}?done=delete.0.1`);
});

test('an act on a page of a list leads back to that page', async () => {
  const site = openSite(url);
  const place = '["nobody","2","5"]';
  const answer = await site.post('/enqueued/delete', { ids: '1', place }).expect(303);
  const to = new URL(answer.headers['location'] ?? '', 'http://localhost');
  expect([to.pathname, to.searchParams.get('place')]).toEqual(['/jobs/enqueued', place]);
});

test('a retried dead letter gets one more attempt, and the page tells who did it', async () => {
  const site = openSite(url);
  await startServer(site.firelock, { jobs: [failing] });
  const { dead } = await jobInEachState(site.firelock);
  await press(site, `/${dead}/retry`, { from: 'dead' });
  const html = await site.page(`/${dead}`);
  expect(html).toContain('data-heading="Who"><span>dashboard</span>');
});

test.each([
  ['done=retry.1.2', '1 job was put back into the queue to be tried again. 1 job was left alone'],
  ['done=retry.0.1', 'Nothing was changed. 1 job was left alone'],
  ['done=delete.3.3', '3 jobs were deleted.'],
])('the address ?%s tells the outcome in fixed words', async (query, words) => {
  expect(flashOn(await openSite(url).page(`/failed?${query}`))).toContain(words);
});

test.each([
  'done=<script>',
  'done=hack.1.1',
  'done=retry.1',
  'done=retry.x.1',
  'done=retry.1.1.1',
  'done=toString.1.1',
])('the address ?%s tells nothing', async (query) => {
  const html = await openSite(url).page(`/failed?${query}`);
  expect(flashOn(html)).toBeUndefined();
  expect(html).not.toContain('hack');
});

test('a form that our pages never send is refused and changes nothing', async () => {
  const site = openSite(url);
  const id = await site.firelock.enqueue(idle);
  await site.post(`/${id}/delete`, { from: 'nonsense' }).expect(400);
  await site.post(`/${id}/delete`, { reason: 'x'.repeat(3000) }).expect(400);
  await site.post('/enqueued/delete', { ids: ['1', 'x'] }).expect(404);
  await site.post(`/${id}/explode`).expect(404);
  await site.post('/enqueued/retry', { ids: id }).expect(404);
  await site
    .post('/enqueued/delete')
    .send(`ids=${'1'.repeat(2_100_000)}`)
    .expect(413);
  expect((await site.firelock.getJob(id))?.state).toBe('enqueued');
});
