import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { openDesk } from './desk.js';
import { fill } from './filled.js';

const browser = await fileBrowser();

/** Pages that are not there are part of the walk. */
const isOfMissingPage = (text: string) => text.includes('404');

test.each([1320, 1000, 768, 360])(
  'no page is wider than a screen of %i pixels, and the browser has nothing to complain of',
  async (width) => {
    const desk = await openDesk(browser, { viewport: { width, height: 800 } });
    const { page, complaints } = desk;
    const excess: Record<string, unknown> = {};
    for (const path of await fill(desk)) {
      await page.goto(path);
      const over = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (over !== 0) excess[path] = over;
    }
    expect(excess).toEqual({});
    expect(complaints.filter((text) => !isOfMissingPage(text))).toEqual([]);
  },
);

test('on a narrow screen the navigation, the theme and the keys are there, and the states can be scrolled', async () => {
  const { page, complaints } = await openDesk(browser, { viewport: { width: 360, height: 700 } });
  await page.goto('/jobs/deleted');
  for (const name of ['Home', 'Queues', 'Recurring jobs', 'Servers', 'Audit log'])
    await page.getByRole('link', { name, exact: true }).waitFor();
  // The state of this page is in sight, though it is far to the right.
  const strip = page.getByRole('link', { name: 'Deleted 0' });
  const box = await strip.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
  await page.getByLabel('Theme').waitFor();
  await page.getByRole('button', { name: 'Keyboard' }).click();
  await page.getByRole('dialog').waitFor();
  const dialog = await page.getByRole('dialog').boundingBox();
  expect(dialog?.width).toBeLessThanOrEqual(360);
  expect(complaints).toEqual([]);
});

test('headings of columns do not run into each other', async () => {
  const desk = await openDesk(browser, { viewport: { width: 1320, height: 800 } });
  const { page } = desk;
  for (const path of (await fill(desk)).filter((each) => !each.includes('?'))) {
    await page.goto(path);
    const cut = await page.evaluate(
      `[...document.querySelectorAll('thead th:not(.tick)')].filter((th) => th.scrollWidth > th.clientWidth).map((th) => th.textContent.trim())`,
    );
    expect({ path, cut }).toEqual({ path, cut: [] });
  }
});
