import { expect, test } from 'vitest';
import { putMany } from '../../bulk-acts.js';
import { eventually } from '../../eventually.js';
import { connect } from '../../firelock.js';
import { fileBrowser } from '../browser.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

test('all that match a search are retried: with a look before, progress, and a page that says what came of it', async () => {
  const { connectionString, page, complaints } = await openDesk(browser);
  const client = await connect(connectionString);
  await putMany(client, { name: 'mended', state: 'dead', count: 230 });
  await putMany(client, { name: 'broken', state: 'dead', count: 3 });

  await page.goto('/jobs/dead?q=name:mended');
  await page.getByRole('group', { name: 'All that match' }).getByRole('link', { name: 'Retry all…' }).click();
  await page.getByRole('heading', { name: 'Retry 230 jobs?' }).waitFor();
  expect(await page.locator('.chosen li').count()).toBe(5);
  await page.getByLabel('Reason').fill('the provider is back');
  await page.getByRole('button', { name: 'Retry all' }).click();
  await page.getByRole('status').getByText('Finished: 230 jobs.').waitFor();
  await page.getByText('the provider is back').waitFor();

  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByRole('heading', { name: 'Dead letters 3' }).waitFor();
  expect(complaints).toEqual([]);
});

test('a long act shows how far it is and is stopped by hand', async () => {
  const { connectionString, page, complaints } = await openDesk(browser);
  const client = await connect(connectionString);
  const ids = await putMany(client, { name: 'many', state: 'dead', count: 5000 });
  // A later batch has to wait for it, so that the act is under way as long as the test needs.
  const holder = await connect(connectionString);
  await holder.query('begin');
  await holder.query('select from firelock.jobs where id = $1 for update', [ids[1500]]);

  await page.goto('/jobs/dead/all/retry');
  await page.getByRole('button', { name: 'Retry all' }).click();
  await page.getByText(/^At work: \d/).waitFor();
  await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
  await page.getByText(/^[1-9][\d,]* of 5,000$/).waitFor();
  await page.getByRole('button', { name: 'Stop after this batch' }).click({ noWaitAfter: true });
  await eventually('the end waits for the batch', async () => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rowCount === 2;
  });
  await holder.query('rollback');
  await page.getByRole('status').getByText('Stopped by hand').waitFor();

  const { rows } = await client.query<{ left: number }>(
    `select count(*)::integer as left from firelock.jobs where state = 'dead'`,
  );
  expect(rows[0]?.left).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
});
