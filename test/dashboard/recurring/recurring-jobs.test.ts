import { expect, test } from 'vitest';
import { working } from '../jobs.js';
import { type Site, flashOn, openEmptySite } from '../site.js';

async function siteWithThree(): Promise<Site> {
  const site = await openEmptySite();
  const { firelock } = site;
  await firelock.addOrUpdateRecurring('nightly/report', working, undefined, '0 30 2 L * ?', {
    timeZone: 'Asia/Seoul',
  });
  await firelock.addOrUpdateRecurring('clean-up', working, undefined, '@daily', { queue: 'chores' });
  await firelock.addOrUpdateRecurring('never-again', working, undefined, '0 0 30 2 *');
  return site;
}

/** How many runs were enqueued. */
async function runs(site: Site): Promise<number> {
  return [...(await site.page('/enqueued')).matchAll(/>working<\/a>/g)].length;
}

async function follow(site: Site, location: string | undefined): Promise<string> {
  return site.page((location ?? '').replace(/^\/jobs/, ''));
}

test('recurring jobs are listed with schedule, zone, queue and next run', async () => {
  const html = await (await siteWithThree()).page('/recurring');
  expect(html).toContain('nightly/report');
  expect(html).toContain('<code>0 30 2 L * ?</code>');
  expect(html).toContain('Asia/Seoul');
  expect(html).toContain('working in chores');
  expect(html).toMatch(/<time datetime="[^"]+T17:30:00\.000Z" title/);
  expect(html).toContain('never again');
});

test('of many recurring jobs a page shows 200, and leads to the others', async () => {
  const site = await openEmptySite();
  const ids = Array.from({ length: 201 }, (_, n) => `job-${String(n).padStart(3, '0')}`);
  await Promise.all(
    ids.map((id) =>
      site.firelock.addOrUpdateRecurring(id, working, undefined, '@daily', { timeZone: 'UTC' }),
    ),
  );
  const first = await site.page('/recurring');
  expect(first).toContain('<span class="count">201</span>');
  expect(first).toContain('value="job-199"');
  expect(first).not.toContain('value="job-200"');
  expect(first).toContain('href="/jobs/recurring?from=200"');
  const second = await site.page('/recurring?from=200');
  expect(second).toContain('value="job-200"');
  expect(second).not.toContain('value="job-199"');
  expect(await site.page('/recurring?from=nonsense')).toContain('value="job-000"');
});

test('without recurring jobs the page says how to add one', async () => {
  expect(await (await openEmptySite()).page('/recurring')).toContain('firelock.addOrUpdateRecurring(');
});

test('the button of a row triggers that one, whatever is ticked, and its last run leads to the job', async () => {
  const site = await siteWithThree();
  const fields = { only: 'nightly/report', ids: ['clean-up', 'never-again'] };
  const answer = await site.post('/recurring/trigger', fields).expect(303);
  const html = await follow(site, answer.headers['location']);
  expect(flashOn(html)).toBe('1 recurring job was triggered.');
  expect(await runs(site)).toBe(1);
  const [, id = ''] = /data-heading="Last run"><a href="\/jobs\/(\d+)">/.exec(html) ?? [];
  expect((await site.firelock.getJob(id))?.recurringJobId).toBe('nightly/report');
});

test('several are triggered at once', async () => {
  const site = await siteWithThree();
  const answer = await site.post('/recurring/trigger', { ids: ['clean-up', 'nightly/report'] }).expect(303);
  expect(flashOn(await follow(site, answer.headers['location']))).toBe('2 recurring jobs were triggered.');
  expect(await runs(site)).toBe(2);
});

test('removing asks first, for one and for several', async () => {
  const site = await siteWithThree();
  const html = await site.page('/recurring/remove?ids=clean-up&ids=nightly%2Freport');
  expect(html).toContain('<h1>Remove 2 recurring jobs?</h1>');
  expect(html).toContain('name="ids" value="nightly/report"');
  const answer = await site.post('/recurring/remove', { ids: ['clean-up', 'nightly/report'] }).expect(303);
  const after = await follow(site, answer.headers['location']);
  expect(flashOn(after)).toBe('2 recurring jobs were removed.');
  expect(after).not.toContain('clean-up');
  expect(after).toContain('never-again');
});

test('what is not there any more is left alone, and the message says so', async () => {
  const site = await siteWithThree();
  for (const act of ['trigger', 'remove']) {
    const answer = await site.post(`/recurring/${act}`, { ids: ['gone', 'with\0nul'] });
    expect(flashOn(await follow(site, answer.headers['location']))).toMatch(/^Nothing was changed\./);
  }
});

test('with nothing ticked, trigger and remove say what to do', async () => {
  const site = await siteWithThree();
  for (const answer of [await site.post('/recurring/trigger'), await site.get('/recurring/remove')]) {
    const html = await follow(site, answer.headers['location']);
    expect(flashOn(html)).toBe('Nothing was selected. Tick one or more recurring jobs first.');
  }
});

const ID = 'nightly/report';
const pageOf = `/recurring/job?id=${encodeURIComponent(ID)}`;

test('the page of a recurring job shows its schedule in words, its rules and the next five runs', async () => {
  const site = await siteWithThree();
  await site.firelock.addOrUpdateRecurring(ID, working, undefined, '30 2 * * *', {
    timeZone: 'America/New_York',
    overlap: 'queue-one',
    misfire: 'skip',
    misfireGrace: '5m',
    startAt: new Date('2030-03-09T12:00:00Z'),
  });
  const html = await site.page(pageOf);
  expect(html).toContain('At 02:30');
  expect(html).toContain('one waits for an earlier run to end');
  expect(html).toContain('left out if later than 5 min');
  const runs = [...(/next-runs">(.*?)<\/ol>/s.exec(html)?.[1] ?? '').matchAll(/datetime="([^"]+)"/g)].map(
    ([, at]) => at,
  );
  // On 10 March 2030 the clocks of New York skip 02:30.
  expect(runs).toEqual([
    '2030-03-10T07:00:00.000Z',
    '2030-03-11T06:30:00.000Z',
    '2030-03-12T06:30:00.000Z',
    '2030-03-13T06:30:00.000Z',
    '2030-03-14T06:30:00.000Z',
  ]);
});

test('a pause, with its reason and its end, is shown in the list and on the page, and can be ended there', async () => {
  const site = await siteWithThree();
  const form = await site.page(`/recurring/pause?ids=${encodeURIComponent(ID)}`);
  expect(form).toContain('<h1>Pause 1 recurring job?</h1>');
  const paused = await site
    .post('/recurring/pause', { ids: ID, reason: 'the API is down', until: '2h' })
    .expect(303);
  const list = await follow(site, paused.headers['location']);
  expect(flashOn(list)).toBe('1 recurring job was paused.');
  expect(list).toMatch(/nightly\/report<\/a>\s*<span class="pill[^>]*>paused</);
  expect(await site.page(pageOf)).toContain('Paused by dashboard: the API is down.');
  const resumed = await site.post('/recurring/resume', { ids: ID }).expect(303);
  expect(flashOn(await follow(site, resumed.headers['location']))).toBe('1 recurring job was resumed.');
  expect((await site.firelock.getRecurring(ID))?.pause).toBeUndefined();
});

test('what is changed is overridden until it is dropped; what is left as it is, is not', async () => {
  const site = await siteWithThree();
  const fields = {
    id: ID,
    schedule: '0 4 * * *',
    timeZone: 'Asia/Seoul',
    queue: 'default',
    args: '',
    reason: 'less load',
  };
  await site.post('/recurring/change', fields).expect(303);
  expect((await site.firelock.getRecurring(ID))?.override).toMatchObject({
    schedule: '0 4 * * *',
    timeZone: undefined,
    queue: undefined,
    args: undefined,
    by: 'dashboard',
    reason: 'less load',
  });
  const html = await site.page(pageOf);
  expect(html).toContain('What code says is overridden by dashboard: less load.');
  expect(html).toContain('<code>0 30 2 L * ?</code>');
  await site.post('/recurring/drop', { ids: ID }).expect(303);
  expect((await site.firelock.getRecurring(ID))?.override).toBeUndefined();
});

test('what is typed wrong is said, the form is shown as it was filled in, and nothing is changed', async () => {
  const site = await siteWithThree();
  const fields = {
    id: ID,
    schedule: '61 4 * * *',
    timeZone: 'Asia/Seoul',
    queue: 'default',
    args: '{"a":1}',
  };
  const wrong = await site.post('/recurring/change', fields).expect(422);
  expect(wrong.text).toContain('the minute &#39;61&#39; is not allowed');
  expect(wrong.text).toContain('value="61 4 * * *"');
  const args = await site.post('/recurring/change', { ...fields, schedule: '@daily', args: '{' }).expect(422);
  expect(args.text).toContain('The args are not JSON');
  expect((await site.firelock.getRecurring(ID))?.override).toBeUndefined();
});

test('a run with other args is one of its own, and in the history with who wanted it', async () => {
  const site = await siteWithThree();
  await site.post('/recurring/run', { id: ID, args: '{}', reason: 'asked for' }).expect(303);
  expect(await runs(site)).toBe(1);
  expect(await site.page(pageOf)).toContain('by hand by dashboard: asked for');
  await site.post('/recurring/run', { id: ID, args: 'nonsense' }).expect(422);
  expect(await runs(site)).toBe(1);
});

test('one that is not there any more has no page', async () => {
  const site = await siteWithThree();
  expect((await site.get('/recurring/job?id=gone').expect(404)).text).toContain('There is no recurring job');
  await site.post('/recurring/run', { id: 'gone' }).expect(404);
});
