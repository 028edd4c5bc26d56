import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { idle, jobInEachState } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

test('a visitor who may only look sees everything and is offered no act', async () => {
  const { firelock, page, complaints } = await openDesk(browser, {
    dashboard: { authorize: () => ({ name: 'eve@example.com', rights: 'read-only' }) },
  });
  const ids = await jobInEachState(firelock);
  await firelock.addOrUpdateRecurring('nightly', idle, undefined, '@daily');
  const paths = ['/failed', '/dead', '/queues', '/servers', '/recurring', '/recurring/job?id=nightly'];
  for (const path of [...paths, '/dead/groups', '/audit', `/${ids.dead}`, `/${ids.processing}`]) {
    await page.goto(`/jobs${path}`);
    await page.getByText('Read-only').waitFor();
    await page.getByText('eve@example.com').waitFor();
    const acts = await page.locator('main').locator('form[method=post] :is(button, a.button, input)').count();
    expect({ path, acts }).toEqual({ path, acts: 0 });
  }
  await page.goto(`/jobs/${ids.dead}`);
  await page.getByText('no such account').first().waitFor();
  expect(complaints).toEqual([]);
});

test('what a visitor may not do is refused in a page that names the right', async () => {
  const { firelock, page } = await openDesk(browser, { dashboard: { authorize: () => 'read-only' } });
  const { failed } = await jobInEachState(firelock);
  await page.goto(`/jobs/${failed}/delete`);
  await page.getByRole('heading', { name: 'You may look, but not do this' }).waitFor();
  await page.getByText("the right 'act'").waitFor();
});
