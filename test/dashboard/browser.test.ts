import { expect, test } from 'vitest';
import { startServer, jobInState } from '../firelock.js';
import { fileBrowser, openPage, serve } from './browser.js';
import { failing, idle, jobInEachState, wasMoved } from './jobs.js';
import { openEmptySite } from './site.js';

const browser = await fileBrowser();

const paths = ['/', '/enqueued', '/failed', '/dead', '/succeeded', '/recurring', '/servers'];

test.each([
  ['on a wide screen', 1320],
  ['on a screen of 360 pixels', 360],
])(
  '%s no page is wider than the screen, and the browser has nothing to complain of',
  async (_screen, width) => {
    const site = await openEmptySite();
    const ids = await jobInEachState(site.firelock);
    await site.firelock.addOrUpdateRecurring('nightly', idle, undefined, '@daily');
    const origin = await serve(site.app);
    const { page, complaints } = await openPage(browser, { viewport: { width, height: 800 } });
    for (const path of [...paths, `/${ids.dead}`, `/${ids.succeeded}`, `/${ids.failed}/delete`]) {
      await page.goto(`${origin}/jobs${path}`);
      const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ path, excess }).toEqual({ path, excess: 0 });
    }
    expect(complaints).toEqual([]);
  },
);

test('one box ticks all jobs of a page, and a button acts on them', async () => {
  const site = await openEmptySite();
  await startServer(site.firelock, { jobs: [failing] });
  const ids = await site.firelock.enqueueMany(failing, [undefined, undefined, undefined]);
  for (const id of ids) await jobInState(site.firelock, id, 'failed');
  const { page, complaints } = await openPage(browser);
  await page.goto(`${await serve(site.app)}/jobs/failed`);
  await page.getByLabel('Select all jobs of this page').check();
  expect(await page.getByText('3 of 3 selected').isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('status').getByText('3 jobs were put back').waitFor();
  expect(new URL(page.url()).search).toBe('');
  for (const id of ids) expect(await wasMoved(site.firelock, id, 'enqueued')).toBe(true);
  expect(complaints).toEqual([]);
});

test('without JavaScript a job is ticked and deleted, with a confirmation', async () => {
  const site = await openEmptySite();
  const [kept = '', chosen = ''] = await site.firelock.enqueueMany(idle, [undefined, undefined]);
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${await serve(site.app)}/jobs/enqueued`);
  expect(await page.getByLabel('Select all jobs of this page').isVisible()).toBe(false);
  await page.getByLabel(`Select job ${chosen}`).check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByLabel('Reason').fill('sent twice');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('status').getByText('1 job was deleted.').waitFor();
  expect((await site.firelock.getJob(chosen))?.history.at(-1)).toMatchObject({
    state: 'deleted',
    reason: 'sent twice',
  });
  expect((await site.firelock.getJob(kept))?.state).toBe('enqueued');
});

test('without JavaScript a job is retried from its page, and a recurring job triggered and removed', async () => {
  const site = await openEmptySite();
  const { dead } = await jobInEachState(site.firelock);
  await site.firelock.addOrUpdateRecurring('nightly/report', idle, undefined, '@daily');
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  const origin = await serve(site.app);
  await page.goto(`${origin}/jobs/${dead}`);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('status').getByText('1 job was put back').waitFor();
  await page.goto(`${origin}/jobs/recurring`);
  await page.getByRole('button', { name: 'Run now nightly/report' }).click();
  await page.getByRole('status').getByText('1 recurring job was triggered.').waitFor();
  await page.getByRole('link', { name: 'Remove… nightly/report' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('status').getByText('1 recurring job was removed.').waitFor();
});

test('the home page keeps its numbers up to date by itself', async () => {
  const site = await openEmptySite();
  const { page, complaints } = await openPage(browser);
  await page.goto(`${await serve(site.app)}/jobs`);
  await page.locator('.card.enqueued .number', { hasText: /^0$/ }).waitFor();
  await site.firelock.enqueueMany(idle, [undefined, undefined]);
  await page.locator('.card.enqueued .number', { hasText: /^2$/ }).waitFor();
  await page.locator('nav .enqueued .count', { hasText: /^2$/ }).waitFor();
  expect(complaints).toEqual([]);
});

test('a form of another site in the same browser changes nothing', async () => {
  const site = await openEmptySite();
  const id = await site.firelock.enqueue(idle);
  const origin = await serve(site.app);
  const { page } = await openPage(browser);
  await page.route('http://evil.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${origin}/jobs/${id}/delete"><button>Win</button></form>`,
    }),
  );
  await page.goto('http://evil.example/');
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'This request came from elsewhere' }).waitFor();
  expect((await site.firelock.getJob(id))?.state).toBe('enqueued');
});
