import { expect, test } from 'vitest';
import { eventually } from '../../eventually.js';
import { jobInState, startServer } from '../../firelock.js';
import { fileBrowser } from '../browser.js';
import { idle, working } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

test('a queue is paused with a reason, which its jobs tell, and resumed', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  await startServer(firelock, { jobs: [working], queues: { default: 1 } });
  await page.goto('/jobs/queues');
  await page.getByRole('link', { name: 'Pause… default' }).click();
  await page.getByLabel('Reason').fill('wrong template');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('status').getByText('1 queue was paused').waitFor();
  await page.getByText('wrong template').waitFor();

  const id = await firelock.enqueue(working);
  await page.goto(`/jobs/${id}`);
  await page.getByText("It waits: queue 'default' is paused").waitFor();
  await page.getByRole('link', { name: 'The queue' }).click();
  await page.getByRole('button', { name: 'Resume default' }).click();
  await page.getByRole('status').getByText('1 queue was resumed').waitFor();
  await jobInState(firelock, id, 'succeeded');
  expect(complaints).toEqual([]);
});

test('a queue without a server leads to its jobs', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const id = await firelock.enqueue(idle);
  await page.goto('/jobs/queues');
  await page.getByText('No running server takes jobs from it.').waitFor();
  await page.getByRole('link', { name: 'nobody', exact: true }).click();
  await page.getByRole('rowheader', { name: `idle #${id}` }).waitFor();
  expect(complaints).toEqual([]);
});

test('a server is made quiet, woken and stopped', async () => {
  const { firelock, page, complaints } = await openDesk(browser);
  const server = firelock.createServer({ jobs: [working], name: 'worker-1' });
  await server.start();
  await page.goto('/jobs/servers');
  await page.getByRole('button', { name: 'Quiet worker-1' }).click();
  await page.getByRole('status').getByText('1 server was asked to take no more jobs').waitFor();
  await page.getByRole('cell', { name: 'quiet', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Wake worker-1' }).click();
  await page.getByRole('cell', { name: 'running', exact: true }).waitFor();

  await page.getByRole('link', { name: 'Stop… worker-1' }).click();
  await page.getByRole('heading', { name: 'Stop server worker-1?' }).waitFor();
  await page.getByLabel('Reason').fill('new machine');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('cell', { name: 'stopped', exact: true }).waitFor();
  await eventually('it has stopped', () => server.stop().then(() => true));
  expect(complaints).toEqual([]);
});
