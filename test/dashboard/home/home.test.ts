import { expect, test } from 'vitest';
import { startServer } from '../../firelock.js';
import { doomed, idle, jobInEachState, working } from '../jobs.js';
import { openEmptySite } from '../site.js';

/** The texts of the cells of a queue's row. */
function rowOf(html: string, queue: string): readonly string[] {
  const row = html.split('<tr>').find((each) => each.includes(`>${queue}</a>`)) ?? '';
  return [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
    cell.replaceAll(/<[^>]+>/g, '').trim(),
  );
}

test('an empty installation says how to begin', async () => {
  const html = await (await openEmptySite()).page('/');
  expect(html).toContain('firelock.enqueue(job, args)');
  expect(html).toContain('No server is running');
  expect(html).toContain('No attempt has failed lately.');
  expect(html).toContain('No dead letters: no job has run out of attempts.');
  expect(html).toContain('No recurring job is due.');
});

test('the home page counts the jobs of each state and links to their lists', async () => {
  const site = await openEmptySite();
  await jobInEachState(site.firelock);
  const html = await site.page('/');
  for (const state of ['enqueued', 'scheduled', 'processing', 'failed', 'dead', 'succeeded', 'deleted']) {
    expect(html).toMatch(
      new RegExp(
        `<a href="/jobs/${state}" class="card tone ${state}"><span class="label">[^<]+</span><span class="number">1<`,
      ),
    );
  }
});

test('the home page tells servers with their slots, queues with their jobs, and which queue nobody serves', async () => {
  const site = await openEmptySite();
  await startServer(site.firelock, { jobs: [working], queues: { mails: 3, default: 4 }, name: 'worker-7' });
  await site.firelock.enqueueMany(idle, [undefined, undefined]);
  const html = await site.page('/');
  expect(html).toContain('1 server running, 0 of 7 slots in use.');
  expect(html).toContain('worker-7');
  expect(rowOf(html, 'mails')).toEqual(['mails', '0', '–', '3']);
  const [queue, waiting, , slots] = rowOf(html, 'nobody');
  expect([queue, waiting, slots]).toEqual(['nobody', '2', 'no server']);
});

test('a queue of more than 10,000 jobs does not hide the queues behind it', async () => {
  const site = await openEmptySite();
  await site.firelock.enqueueMany(
    idle,
    Array.from({ length: 10_100 }, () => undefined),
    { queue: 'a-crowd' },
  );
  await site.firelock.enqueue(idle, undefined, { queue: 'b-quiet' });
  const html = await site.page('/');
  expect(rowOf(html, 'a-crowd')[1]).toBe('10,000+');
  expect(rowOf(html, 'b-quiet')[1]).toBe('1');
});

test('the latest failures and dead letters are shown with their errors, and lead to their jobs', async () => {
  const site = await openEmptySite();
  const { failed, dead } = await jobInEachState(site.firelock);
  const html = await site.page('/');
  expect(html).toContain(`<a href="/jobs/${failed}">failing</a>`);
  expect(html).toContain('the mail server is down');
  expect(html).toContain(`<a href="/jobs/${dead}">doomed</a>`);
  expect(html).toContain('no such account');
  await site.firelock.enqueueMany(
    doomed,
    Array.from({ length: 8 }, () => undefined),
  );
});

test('the recurring jobs that run next are shown, the next one first', async () => {
  const site = await openEmptySite();
  await site.firelock.addOrUpdateRecurring('yearly', working, undefined, '0 0 1 1 *');
  await site.firelock.addOrUpdateRecurring('hourly', working, undefined, '0 * * * *');
  const html = await site.page('/');
  expect(html.indexOf('hourly')).toBeLessThan(html.indexOf('yearly'));
  expect(html).toMatch(/hourly<\/a>[^]*?<time datetime="[^"]+" title="[^"]+"><span class="relative">in /);
});
