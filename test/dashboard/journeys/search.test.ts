import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { jobInState, startServer } from '../../firelock.js';
import { fileBrowser, openPage } from '../browser.js';
import { idle, wasMoved } from '../jobs.js';
import { addressOf, openDesk } from './desk.js';

const browser = await fileBrowser();

const mail = defineJob({
  name: 'send-mail',
  args: z.object({ userId: z.number() }),
  retry: { attempts: 3, delays: ['1h'] },
  handler: ({ userId }) => Promise.reject(new Error(`no mailbox of ${userId}`)),
});

test('a failed job is found by one of its args and retried', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  await startServer(firelock, { jobs: [mail] });
  const [wanted = '', other = ''] = await firelock.enqueueMany(mail, [{ userId: 42 }, { userId: 43 }]);
  for (const id of [wanted, other]) await jobInState(firelock, id, 'failed');

  await page.goto('/jobs/failed');
  await page.getByRole('combobox', { name: 'Search: Failed' }).fill('args.userId:42');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'send-mail' }).click();
  await page.getByRole('heading', { name: `send-mail #${wanted}` }).waitFor();
  await page.getByText('no mailbox of 42').first().waitFor();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('status').getByText('1 job was put back').waitFor();

  expect(await wasMoved(firelock, wanted, 'enqueued')).toBe(true);
  expect(await wasMoved(firelock, other, 'enqueued')).toBe(false);
  expect(complaints).toEqual([]);
});

test('the address of a search shows the same to somebody else', async () => {
  const { firelock, origin, page, complaints } = await openDesk(browser);
  const ids = await firelock.enqueueMany(idle, [undefined, undefined, undefined], { tags: ['sought'] });
  await firelock.enqueue(idle);
  await page.goto('/jobs/enqueued');
  await page.getByRole('combobox', { name: 'Search' }).fill('tag:sought');
  await page.getByLabel('Order').selectOption('Last to be claimed first');
  await page.getByRole('row').nth(3).waitFor();
  expect(addressOf(page)).toContain('q=tag%3Asought&order=reversed');

  const other = await openPage(browser, { baseURL: origin });
  await other.page.goto(addressOf(page));
  const listed = await other.page.locator('tbody th .id').allTextContents();
  expect(listed).toEqual(ids.toReversed().map((id) => `#${id}`));
  expect(await other.page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe('tag:sought');
  expect(complaints).toEqual([]);
});

test('the search box completes qualifiers, states and the names of jobs', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  await firelock.enqueue(idle);
  await page.goto('/jobs');
  const box = page.getByRole('combobox', { name: 'Search' });
  const offers = (value: string) =>
    page.locator(`#completions option[value="${value}"]`).waitFor({ state: 'attached' });
  await box.pressSequentially('na');
  await offers('name:');
  await box.fill('name:i');
  await offers('name:idle');
  await box.fill('name:idle state:enq');
  await offers('name:idle state:enqueued');
  expect(complaints).toEqual([]);
});

test('what cannot be read of a search is said beside the box, with what may have been meant', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  await firelock.enqueue(idle);
  await page.goto('/jobs');
  await page.getByRole('combobox', { name: 'Search' }).fill('stat:dead');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Did you mean').waitFor();
  expect(await page.getByRole('combobox', { name: 'Search' }).getAttribute('aria-invalid')).toBe('true');
  await page.getByText('No job matches.').waitFor();
  expect(complaints).toEqual([]);
});
