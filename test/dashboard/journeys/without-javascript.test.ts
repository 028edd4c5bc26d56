import { expect, test } from 'vitest';
import { putMany } from '../../bulk-acts.js';
import { connect, jobInState, startServer } from '../../firelock.js';
import { fileBrowser } from '../browser.js';
import { idle, jobInEachState, wasMoved, working } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();
const javaScriptEnabled = false;

test('without JavaScript a job is found, ticked and deleted, with a confirmation', async () => {
  const { firelock, page } = await openDesk(browser, { javaScriptEnabled });
  const [kept = '', chosen = ''] = await firelock.enqueueMany(idle, [undefined, undefined], {
    tags: ['two'],
  });
  await page.goto('/jobs/enqueued');
  expect(await page.getByLabel('Select all jobs of this page').isVisible()).toBe(false);
  expect(await page.getByLabel('Theme').isVisible()).toBe(false);
  await page.getByRole('combobox', { name: 'Search' }).fill('tag:two');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByLabel(`Select job ${chosen}`).check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByLabel('Reason').fill('sent twice');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('status').getByText('1 job was deleted.').waitFor();
  expect(await page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe('tag:two');
  expect((await firelock.getJob(chosen))?.history.at(-1)).toMatchObject({ reason: 'sent twice' });
  expect((await firelock.getJob(kept))?.state).toBe('enqueued');
});

test('without JavaScript a job is retried, rescheduled, changed and run again', async () => {
  const { firelock, page } = await openDesk(browser, { javaScriptEnabled });
  const { dead, scheduled } = await jobInEachState(firelock);
  await page.goto(`/jobs/${dead}`);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('status').getByText('1 job was put back').waitFor();
  expect(await wasMoved(firelock, dead, 'enqueued')).toBe(true);
  await page.goto(`/jobs/${scheduled}`);
  await page.getByRole('link', { name: 'Reschedule…' }).click();
  await page.getByLabel('When').fill('3h');
  await page.getByRole('button', { name: 'Reschedule' }).click();
  await page.getByRole('status').getByText('planned for another time').waitFor();
  await page.getByRole('link', { name: 'Change…' }).click();
  await page.getByLabel('Priority').selectOption('low');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByText('priority: normal → low').waitFor();
  await page.getByRole('link', { name: 'Run again…' }).click();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('status').getByText('this is the new one').waitFor();
});

test('without JavaScript all that match are retried', async () => {
  const { connectionString, page } = await openDesk(browser, { javaScriptEnabled });
  const client = await connect(connectionString);
  await putMany(client, { name: 'mended', state: 'dead', count: 12 });
  await page.goto('/jobs/dead');
  await page.getByRole('link', { name: 'Retry all…' }).click();
  await page.getByRole('button', { name: 'Retry all' }).click();
  await page.getByRole('heading', { name: 'Retry all that match' }).waitFor();
  // Nothing renews the page but the reader.
  while (!(await page.getByText('Finished: 12 jobs.').isVisible())) await page.reload();
});

test('without JavaScript a queue is paused and resumed, and a server stopped', async () => {
  const { firelock, page } = await openDesk(browser, { javaScriptEnabled });
  await startServer(firelock, { jobs: [working], queues: { default: 1 }, name: 'worker-1' });
  await page.goto('/jobs/queues');
  await page.getByRole('link', { name: 'Pause… default' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Resume default' }).click();
  await page.getByRole('status').getByText('1 queue was resumed').waitFor();
  await jobInState(firelock, await firelock.enqueue(working), 'succeeded');
  await page.goto('/jobs/servers');
  await page.getByRole('link', { name: 'Stop… worker-1' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('status').getByText('1 server was asked to stop').waitFor();
});

test('without JavaScript a recurring job is run, paused and removed', async () => {
  const { firelock, page } = await openDesk(browser, { javaScriptEnabled });
  await firelock.addOrUpdateRecurring('nightly/report', idle, undefined, '@daily');
  await page.goto('/jobs/recurring');
  await page.getByRole('button', { name: 'Run now nightly/report' }).click();
  await page.getByRole('status').getByText('1 recurring job was triggered').waitFor();
  await page.getByLabel('Select nightly/report').check();
  await page.getByRole('button', { name: 'Pause…' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('status').getByText('1 recurring job was paused').waitFor();
  await page.getByRole('link', { name: 'Remove… nightly/report' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('status').getByText('1 recurring job was removed').waitFor();
  expect(await firelock.getRecurring('nightly/report')).toBeUndefined();
});
