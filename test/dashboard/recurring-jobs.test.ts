import { expect, test } from 'vitest';
import { working } from './jobs.js';
import { type Site, flashOn, openEmptySite } from './site.js';

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
  expect(html).toMatch(/<time datetime="[^"]+T17:30:00\.000Z">/);
  expect(html).toContain('never again');
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
