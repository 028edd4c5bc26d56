import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { openDesk } from './desk.js';
import { fill } from './filled.js';

const browser = await fileBrowser();

const wide = { width: 1320, height: 860 };
const narrow = { width: 360, height: 700 };
/** Each colour and each width once: what is wrong in one of them is wrong in it whatever the other is. */
const modes = [
  { name: 'light and wide', colorScheme: 'light', viewport: wide },
  { name: 'dark and narrow', colorScheme: 'dark', viewport: narrow },
] as const;

/** The rules that the page breaks, with where. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  // Legacy: it looks at this page alone and opens none of its own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

test.each(modes)(
  'no filled page breaks a rule of accessibility, $name',
  async (mode) => {
    const desk = await openDesk(browser, mode);
    for (const path of await fill(desk)) {
      await desk.page.goto(path);
      expect({ path, violations: await violationsOn(desk.page) }).toEqual({ path, violations: [] });
    }
  },
  400_000,
);

test.each(modes)('no empty page breaks a rule of accessibility, $name', async (mode) => {
  const { page } = await openDesk(browser, mode);
  for (const path of [
    '',
    '/failed',
    '/jobs',
    '/queues',
    '/recurring',
    '/servers',
    '/audit',
    '/dead/groups',
  ]) {
    await page.goto(`/jobs${path}`);
    expect({ path, violations: await violationsOn(page) }).toEqual({ path, violations: [] });
  }
});

test('neither the list of keys, nor a marked row, nor an outcome, nor a refusal breaks one', async () => {
  const desk = await openDesk(browser);
  const { page } = desk;
  await fill(desk);
  await page.goto('/jobs/failed?done=retry.1.2');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  expect(await violationsOn(page)).toEqual([]);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  expect(await violationsOn(page)).toEqual([]);
  const refusing = await openDesk(browser, { dashboard: { authorize: () => false } });
  await refusing.page.goto('/jobs');
  await refusing.page.getByRole('heading', { name: 'You may not see this dashboard' }).waitFor();
  expect(await violationsOn(refusing.page)).toEqual([]);
});
