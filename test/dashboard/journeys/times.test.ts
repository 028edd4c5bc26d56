import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { idle } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();
const at = new Date('2040-07-01T22:30:05.000Z');

async function openScheduled(options: { readonly timezoneId: string; readonly javaScriptEnabled?: boolean }) {
  const desk = await openDesk(browser, options);
  const id = await desk.firelock.schedule(idle, undefined, at);
  return { ...desk, id };
}

test('times are those of the reader, with the exact instant under the pointer', async () => {
  const { page, id, complaints } = await openScheduled({ timezoneId: 'Asia/Seoul' });
  for (const path of ['/jobs/scheduled', `/jobs/${id}`]) {
    await page.goto(path);
    const time = page.locator('time', { hasText: '2040-07-02 07:30:05' }).first();
    await time.waitFor();
    expect(await time.getAttribute('title')).toBe('2040-07-01T22:30:05.000Z');
    expect(await time.getAttribute('datetime')).toBe('2040-07-01T22:30:05.000Z');
  }
  expect(complaints).toEqual([]);
});

test('they stay so when the page is renewed', async () => {
  const { firelock, page } = await openScheduled({ timezoneId: 'America/St_Johns' });
  await page.goto('/jobs/scheduled');
  await page.getByText('2040-07-01 20:00:05').waitFor();
  await firelock.schedule(idle, undefined, new Date('2041-01-01T00:00:00Z'));
  await page.getByText('2040-12-31 20:30:00').waitFor();
});

test('without JavaScript they are in UTC', async () => {
  const { page } = await openScheduled({ timezoneId: 'Asia/Seoul', javaScriptEnabled: false });
  await page.goto('/jobs/scheduled');
  await page.getByText('2040-07-01 22:30:05 UTC').waitFor();
});
