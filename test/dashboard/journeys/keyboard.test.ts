import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { idle, jobInEachState } from '../jobs.js';
import { nextRenewal, openDesk } from './desk.js';
import { fill } from './filled.js';

const browser = await fileBrowser();

function markedId(page: Page): Promise<string | null> {
  return page.locator('tr[data-marked]').getAttribute('id');
}

test('rows are walked, ticked and opened by keys, and pages are turned', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const ids = await firelock.enqueueMany(
    idle,
    Array.from({ length: 12 }, () => undefined),
  );
  const row = (place: number) => `job-${ids[place]}`;
  await page.goto('/jobs/enqueued?size=10');
  await page.keyboard.press('j');
  expect(await markedId(page)).toBe(row(0));
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect(await markedId(page)).toBe(row(1));
  await page.keyboard.press('x');
  await page.getByText('1 of 10 selected').waitFor();
  await page.keyboard.press('x');
  await page.getByText('Tick the jobs to act on.').waitFor();
  await nextRenewal(page);
  expect(await markedId(page)).toBe(row(1));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `idle #${ids[1]}` }).waitFor();
  await page.goBack();
  await page.keyboard.press('n');
  await page.getByRole('link', { name: 'First page' }).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(2);
  expect(complaints).toEqual([]);
});

test('keys lead to the search, to the list of keys and to other pages, and do nothing where one types', async () => {
  const { page, complaints } = await openDesk(browser);
  await page.goto('/jobs');
  await page.keyboard.press('/');
  await page.keyboard.type('gf?');
  expect(await page.locator('#search').inputValue()).toBe('gf?');
  await page.locator('#search').blur();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  for (const [key, path] of [
    ['f', '/jobs/failed'],
    ['d', '/jobs/dead'],
    ['q', '/jobs/queues'],
    ['r', '/jobs/recurring'],
    ['s', '/jobs/servers'],
    ['h', '/jobs/'],
  ]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key ?? '');
    await page.waitForURL((url) => url.pathname === path);
  }
  expect(complaints).toEqual([]);
});

/** Where Tab has come to, whether it can be seen, and whether it is marked. */
const focused = `(() => {
  const { activeElement: element } = document;
  if (element === document.body) return null;
  element.reached = true;
  const { width, height } = element.getBoundingClientRect();
  const shown = element.closest('label') ?? element;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return { html: element.outerHTML.slice(0, 120), isSeen: width > 0 && height > 0 && shown.getClientRects().length > 0,
    isMarked: outlineStyle !== 'none' && outlineWidth !== '0px' };
})()`;

const unreached = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((each) => each.checkVisibility() && !each.disabled && !each.reached)
  .map((each) => each.outerHTML.slice(0, 120))`;

test('Tab reaches everything that can be used, and shows where it is', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const { dead, scheduled } = await jobInEachState(firelock);
  for (const path of ['', '/dead', '/queues', `/${dead}`, `/${scheduled}/change`]) {
    await page.goto(`/jobs${path}`);
    // It begins at the link that skips the navigation.
    await page.keyboard.press('Tab');
    for (let step = 0; step < 200; step += 1) {
      const at: unknown = await page.evaluate(focused);
      if (at === null) break;
      expect(at).toMatchObject({ isSeen: true, isMarked: true });
      await page.keyboard.press('Tab');
    }
    expect({ path, unreached: await page.evaluate(unreached) }).toEqual({ path, unreached: [] });
  }
  expect(complaints).toEqual([]);
});

test('a job is found, opened and deleted without a pointer', async () => {
  const desk = await openDesk(browser);
  const { firelock, page } = desk;
  await fill(desk);
  const id = await firelock.enqueue(idle, undefined, { tags: ['by-hand'] });
  await page.goto('/jobs/enqueued');
  await page.keyboard.press('/');
  await page.keyboard.type('tag:by-hand');
  await page.keyboard.press('Enter');
  await page.waitForURL(/by-hand/);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `idle #${id}` }).waitFor();
  await page.getByRole('link', { name: 'Delete…' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Reason').focus();
  await page.keyboard.type('by keys');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('1 job was deleted.').waitFor();
  expect((await firelock.getJob(id))?.history.at(-1)).toMatchObject({ state: 'deleted', reason: 'by keys' });
});
