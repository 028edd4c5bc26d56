import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

const LIGHT = 'rgb(255, 255, 255)';
const DARK = 'rgb(24, 25, 28)';

function ground(page: Page): Promise<unknown> {
  return page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor");
}

test.each([
  ['light', LIGHT],
  ['dark', DARK],
] as const)('a system that is %s has the dashboard so', async (colorScheme, colour) => {
  const { page, complaints } = await openDesk(browser, { colorScheme });
  await page.goto('/jobs');
  expect(await ground(page)).toBe(colour);
  await page.emulateMedia({ colorScheme: colorScheme === 'dark' ? 'light' : 'dark' });
  expect(await ground(page)).not.toBe(colour);
  expect(complaints).toEqual([]);
});

test('the switch counts more than the system, on every page and after a reload, without a flash', async () => {
  const { page, complaints } = await openDesk(browser, { colorScheme: 'light' });
  await page.goto('/jobs');
  await page.getByLabel('Theme').selectOption('Dark');
  expect(await ground(page)).toBe(DARK);
  for (const path of ['/jobs', '/jobs/failed']) {
    const answer = await page.goto(path);
    // The server writes it into the page: the first paint has the right colours, before any script.
    expect(await answer?.text()).toContain('<html lang="en" data-theme="dark">');
    expect(await ground(page)).toBe(DARK);
    expect(await page.getByLabel('Theme').inputValue()).toBe('dark');
  }
  await page.getByLabel('Theme').selectOption('System');
  expect(await ground(page)).toBe(LIGHT);
  await page.reload();
  expect(await ground(page)).toBe(LIGHT);
  expect(complaints).toEqual([]);
});
