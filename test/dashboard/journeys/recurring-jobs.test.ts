import { expect, test } from 'vitest';
import { eventually } from '../../eventually.js';
import { fileBrowser } from '../browser.js';
import { idle } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();
const id = 'reports/nightly';

async function openRecurringJob() {
  const desk = await openDesk(browser);
  await desk.firelock.addOrUpdateRecurring(id, idle, undefined, '30 2 * * *');
  await desk.page.goto('/jobs/recurring');
  return desk;
}

test('a recurring job is paused for a while from its page, and resumed', async () => {
  const { firelock, page, complaints } = await openRecurringJob();
  await page.getByRole('link', { name: id, exact: true }).click();
  await page.getByText('At 02:30').waitFor();
  await page.getByRole('link', { name: 'Pause…' }).click();
  await page.getByLabel('For how long').fill('soon');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('For how long').fill('3h');
  await page.getByLabel('Reason').fill('the warehouse moves');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('status').getByText('1 recurring job was paused').waitFor();
  expect((await firelock.getRecurring(id))?.pause).toMatchObject({ reason: 'the warehouse moves' });

  await page.getByLabel(`Select ${id}`).check();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('status').getByText('1 recurring job was resumed').waitFor();
  expect((await firelock.getRecurring(id))?.pause).toBeUndefined();
  // The answer to the duration that was refused is a page of its own: 422.
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
});

test('a recurring job is changed, which is marked until it is dropped', async () => {
  const { firelock, page, complaints } = await openRecurringJob();
  await page.getByRole('link', { name: id, exact: true }).click();
  await page.getByRole('link', { name: 'Change…' }).click();
  await page.getByLabel('Schedule').fill('every 20m');
  await page.getByLabel('Reason').fill('more often for now');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('status').getByText('1 recurring job was changed').waitFor();
  await page.getByText('overridden').waitFor();
  expect((await firelock.getRecurring(id))?.schedule).toBe('every 20m');

  await page.getByRole('link', { name: id, exact: true }).click();
  await page.getByText('What code says is overridden').waitFor();
  await page.getByRole('button', { name: 'Drop the override' }).click();
  await page.getByRole('status').getByText('given back to what code says').waitFor();
  expect((await firelock.getRecurring(id))?.schedule).toBe('30 2 * * *');
  expect(complaints).toEqual([]);
});

test('a recurring job is run now, and once with args of its own', async () => {
  const { firelock, page, complaints } = await openRecurringJob();
  await page.getByRole('button', { name: `Run now ${id}` }).click();
  await page.getByRole('status').getByText('1 recurring job was triggered').waitFor();

  await page.getByRole('link', { name: id, exact: true }).click();
  await page.getByRole('link', { name: 'Run with other args…' }).click();
  await page.getByLabel('Args of this run').fill('{ "month": "2026-10" }');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('status').getByText('1 recurring job was triggered').waitFor();
  const runs = await eventually('both runs are known', async () => {
    const known = await firelock.listRecurringRuns(id);
    return known.length === 2 && known;
  });
  const jobs = await Promise.all(runs.map(({ jobId }) => firelock.getJob(jobId ?? '')));
  expect(jobs.map((job) => job?.args)).toContainEqual({ month: '2026-10' });
  expect(complaints).toEqual([]);
});
