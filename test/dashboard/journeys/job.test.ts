import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { jobInState, startServer } from '../../firelock.js';
import { fileBrowser } from '../browser.js';
import { idle } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

const obedient = defineJob({
  name: 'obedient',
  handler: (_args, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
});

test('a running job is cancelled, and its page says when its handler has stopped', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  await startServer(firelock, { jobs: [obedient] });
  const id = await firelock.enqueue(obedient);
  await jobInState(firelock, id, 'processing');
  await page.goto(`/jobs/${id}`);
  await page.getByRole('link', { name: 'Delete…' }).click();
  await page.getByText('its handler is told to stop at once').waitFor();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('status').getByText('1 job was deleted.').waitFor();
  await page.getByText(/Deleted while it ran\. Its handler: stopped after/).waitFor();
  expect(complaints).toEqual([]);
});

test('a job is run again with edited args, and what is not JSON is said above the form', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const echo = defineJob({
    name: 'echo',
    args: z.object({ userId: z.number() }),
    handler: (args) => args,
  });
  await startServer(firelock, { jobs: [echo] });
  const first = await firelock.enqueue(echo, { userId: 1 });
  await jobInState(firelock, first, 'succeeded');
  await page.goto(`/jobs/${first}`);
  await page.getByRole('link', { name: 'Run again…' }).click();
  await page.getByLabel('Args, as JSON').fill('{ "userId": 2');
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('alert').getByText('The args are not JSON').waitFor();
  expect(await page.getByLabel('Args, as JSON').inputValue()).toBe('{ "userId": 2');
  await page.getByLabel('Args, as JSON').fill('{ "userId": 2 }');
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('status').getByText('this is the new one').waitFor();
  await page.getByText('"userId"').first().waitFor();

  const second = new URL(page.url()).pathname.replace('/jobs/', '');
  expect(second).not.toBe(first);
  expect((await jobInState(firelock, second, 'succeeded')).result).toEqual({ userId: 2 });
  await page.getByRole('link', { name: `#${first}` }).waitFor();
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
});

test('a waiting job is planned for another time', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const id = await firelock.schedule(idle, undefined, '1h');
  await page.goto(`/jobs/${id}`);
  await page.getByRole('link', { name: 'Reschedule…' }).click();
  await page.getByLabel('When').fill('2040-12-24T18:00:00Z');
  await page.getByLabel('Reason').fill('for the holidays');
  await page.getByRole('button', { name: 'Reschedule' }).click();
  await page.getByRole('status').getByText('1 job was planned for another time').waitFor();
  expect((await firelock.getJob(id))?.runAt).toEqual(new Date('2040-12-24T18:00:00Z'));
  await page.getByText('for the holidays').waitFor();
  expect(complaints).toEqual([]);
});

test('a waiting job is moved to another queue and priority, which its history tells', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const id = await firelock.enqueue(idle);
  await page.goto(`/jobs/${id}`);
  await page.getByRole('link', { name: 'Change…' }).click();
  await page.getByLabel('Queue').fill('fast');
  await page.getByLabel('Priority').selectOption('high');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('status').getByText('1 job was changed').waitFor();
  await page.getByText('queue: nobody → fast').waitFor();
  await page.getByText('priority: normal → high').waitFor();
  expect(await firelock.getJob(id)).toMatchObject({ queue: 'fast', priority: 'high', state: 'enqueued' });
  expect(complaints).toEqual([]);
});

test('one box ticks all jobs of a page, and a button acts on them', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const ids = await firelock.enqueueMany(idle, [undefined, undefined, undefined]);
  await page.goto('/jobs/enqueued');
  await page.getByLabel('Select all jobs of this page').check();
  await page.getByText('3 of 3 selected').waitFor();
  await page
    .getByRole('group', { name: 'Acts on the selected jobs' })
    .getByRole('button', { name: 'Delete…' })
    .click();
  await page.getByRole('heading', { name: 'Delete 3 jobs?' }).waitFor();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('status').getByText('3 jobs were deleted.').waitFor();
  // What was done is told once: the address forgets it.
  await page.waitForURL((address) => address.search === '');
  for (const id of ids) expect((await firelock.getJob(id))?.state).toBe('deleted');
  expect(complaints).toEqual([]);
});
