import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Firelock } from '../../../src/firelock.js';
import { putMany } from '../../bulk-acts.js';
import { connect, startServer } from '../../firelock.js';
import { fileBrowser } from '../browser.js';
import { doomed, idle, working } from '../jobs.js';
import { nextRenewal, openDesk, renewalsOf } from './desk.js';

const browser = await fileBrowser();

interface Change {
  readonly path: string;
  readonly before?: (firelock: Firelock) => Promise<unknown>;
  readonly change: (firelock: Firelock) => Promise<unknown>;
  /** What is seen then. */
  readonly seen: string;
}

const enqueue = (firelock: Firelock) => firelock.enqueue(idle);
const addNightly = (firelock: Firelock) =>
  firelock.addOrUpdateRecurring('nightly', idle, undefined, '@daily');
const ada = { by: 'ada@example.com', reason: 'a new reason' };

const changes: readonly Change[] = [
  { path: '', change: enqueue, seen: '.card.enqueued .number:text-is("1")' },
  { path: '/failed', change: enqueue, seen: 'nav .enqueued .count:text-is("1")' },
  { path: '/enqueued', change: enqueue, seen: '#job-1' },
  { path: '/jobs?q=name:idle', change: enqueue, seen: '#job-1' },
  { path: '/scheduled', change: (firelock) => firelock.schedule(idle, undefined, '1h'), seen: '#job-1' },
  { path: '/queues', change: enqueue, seen: 'th:has-text("nobody")' },
  { path: '/recurring', change: addNightly, seen: 'th:has-text("nightly")' },
  {
    path: '/recurring/job?id=nightly',
    before: addNightly,
    change: (firelock) => firelock.pauseRecurring('nightly', ada),
    seen: '.notice:has-text("a new reason")',
  },
  {
    path: '/audit',
    change: (firelock) => firelock.pauseQueue('nobody', ada),
    seen: 'td:has-text("nobody")',
  },
  {
    path: '/1',
    before: enqueue,
    change: (firelock) => firelock.delete('1', ada),
    seen: '.history:has-text("a new reason")',
  },
  {
    path: '/servers',
    change: (firelock) => startServer(firelock, { jobs: [working], name: 'worker-1' }),
    seen: 'th:has-text("worker-1")',
  },
  {
    path: '/dead/groups',
    before: (firelock) => startServer(firelock, { jobs: [doomed] }),
    change: (firelock) => firelock.enqueue(doomed),
    seen: 'th:has-text("no such account")',
  },
];

test.each(changes)(
  'the page $path shows what is new, without a reload',
  async ({ path, before, change, seen }) => {
    const { firelock, page, complaints } = await openDesk(browser);
    await before?.(firelock);
    await page.goto(`/jobs${path}`);
    await page.evaluate("document.body.dataset.mine = 'yes'");
    expect(await page.locator(seen).count()).toBe(0);
    await change(firelock);
    await page.locator(seen).waitFor();
    expect(await page.locator('body').getAttribute('data-mine')).toBe('yes');
    expect(complaints).toEqual([]);
  },
);

/** A list of many jobs, on which time passes by `pass` alone. */
async function openStillList() {
  const desk = await openDesk(browser, { viewport: { width: 1200, height: 500 } });
  const ids = await desk.firelock.enqueueMany(
    idle,
    Array.from({ length: 40 }, () => undefined),
  );
  await desk.page.clock.install();
  await desk.page.goto('/jobs/enqueued');
  return { ...desk, ids };
}

async function renew(page: Page): Promise<void> {
  await Promise.all([nextRenewal(page), page.clock.runFor(2500)]);
}

test('what the reader has before them stays: focus, marked row, place on the page, and the rows themselves', async () => {
  const { firelock, page, ids, complaints } = await openStillList();
  await page.evaluate(`for (const row of document.querySelectorAll('tbody tr')) row.mine = true`);
  await page.locator(`#job-${ids[20]} th a`).focus();
  await page.keyboard.press('j');
  await page.evaluate('scrollTo(0, 600)');
  await firelock.delete(ids[30] ?? '');
  await renew(page);
  await page.locator(`#job-${ids[30]}`).waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.closest("tr").id')).toBe(`job-${ids[20]}`);
  expect(await page.locator('tr[data-marked]').getAttribute('id')).toBe(`job-${ids[0]}`);
  expect(await page.evaluate('scrollY')).toBe(600);
  // Rows that were drawn anew would flicker.
  expect(await page.evaluate(`[...document.querySelectorAll('tbody tr')].every((row) => row.mine)`)).toBe(
    true,
  );
  expect(complaints).toEqual([]);
});

test('details that the reader has opened or closed stay so', async () => {
  const { firelock, page } = await openDesk(browser);
  await page.clock.install();
  await page.goto('/jobs');
  await page.locator('#live summary').click();
  await firelock.enqueue(idle);
  await renew(page);
  await page.locator('.card.enqueued .number:text-is("1")').waitFor();
  expect(await page.locator('#live details').getAttribute('open')).not.toBeNull();
  expect(await page.locator('#past details').getAttribute('open')).toBeNull();
});

test('nothing is renewed while rows are ticked, and it goes on when they no longer are', async () => {
  const { page, ids } = await openStillList();
  await page.getByLabel(`Select job ${ids[3]}`, { exact: true }).check();
  const asked = renewalsOf(page);
  await page.clock.runFor(20_000);
  expect(asked).toEqual([]);
  expect(await page.getByLabel(`Select job ${ids[3]}`, { exact: true }).isChecked()).toBe(true);
  await page.getByLabel(`Select job ${ids[3]}`, { exact: true }).uncheck();
  await renew(page);
});

test('nothing is renewed while text is selected', async () => {
  const { page, ids } = await openStillList();
  await page.locator(`#job-${ids[2]} th a`).selectText();
  const asked = renewalsOf(page);
  await page.clock.runFor(20_000);
  expect(asked).toEqual([]);
  expect(await page.evaluate('getSelection().toString()')).toBe('idle');
  await page.evaluate('getSelection().removeAllRanges()');
  await renew(page);
});

test('nothing is renewed in a tab that is hidden, nor behind the list of keys', async () => {
  const { page } = await openStillList();
  const asked = renewalsOf(page);
  await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
  await page.clock.runFor(20_000);
  await page.evaluate('delete document.hidden');
  await page.keyboard.press('?');
  await page.clock.runFor(20_000);
  expect(asked).toEqual([]);
  await page.keyboard.press('Escape');
  await renew(page);
});

test('what is being typed into the search is not overwritten', async () => {
  const { firelock, page } = await openStillList();
  const box = page.getByRole('combobox', { name: 'Search' });
  await box.fill('name:id');
  await firelock.enqueue(idle);
  await renew(page);
  await page.locator('nav .enqueued .count:text-is("41")').waitFor();
  expect(await box.inputValue()).toBe('name:id');
});

test('a server that is away for a while is asked again, without a word', async () => {
  const { firelock, page } = await openStillList();
  await page.route('**/jobs/enqueued', (route) => route.abort());
  await Promise.all([page.waitForEvent('requestfailed'), page.clock.runFor(2500)]);
  await page.unroute('**/jobs/enqueued');
  await firelock.enqueue(idle);
  await page.clock.runFor(2500);
  await page.locator('nav .enqueued .count:text-is("41")').waitFor();
  await page.getByRole('heading', { name: 'Enqueued' }).waitFor();
});

test('an act on many is followed to its end', async () => {
  const { connectionString, page, complaints } = await openDesk(browser);
  await putMany(await connect(connectionString), { name: 'mended', state: 'dead', count: 5 });
  await page.goto('/jobs/dead/all/retry');
  await page.getByRole('button', { name: 'Retry all' }).click();
  await page.getByText('Finished: 5 jobs.').waitFor();
  expect(complaints).toEqual([]);
});
