import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { idle, working } from '../jobs.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

/** What the page shows under a heading, without its colours. */
function textOf(html: string, heading: string): string | undefined {
  const [, block = ''] = html.split(`<h2>${heading}</h2>`);
  return /<code>(.*?)<\/code>/s.exec(block)?.[1]?.replaceAll(/<\/?span[^>]*>/g, '');
}

test('a job that succeeded is shown with its args, its result and its attempt', async () => {
  const site = openSite(url);
  const greet = defineJob({
    name: 'greet',
    args: z.object({ name: z.string() }),
    handler: ({ name }) => ({ said: `hi ${name}` }),
  });
  await startServer(site.firelock, { jobs: [greet], name: 'greeter' });
  const { id } = await jobInState(
    site.firelock,
    await site.firelock.enqueue(greet, { name: 'Ada' }),
    'succeeded',
  );
  const html = await site.page(`/${id}`);
  expect(html).toContain(`<h1>greet <span class="id">#${id}</span>`);
  expect(textOf(html, 'Args')).toBe('{\n  &#34;name&#34;: &#34;Ada&#34;\n}');
  expect(textOf(html, 'Result')).toBe('{\n  &#34;said&#34;: &#34;hi Ada&#34;\n}');
  expect(textOf(html, 'The call')).toBe('await firelock.enqueue(greet, { name: &#39;Ada&#39; });');
  expect(html).toContain('<h3>Attempt 1 <span class="pill tone succeeded">Succeeded</span></h3>');
  expect(html).toContain('greeter');
  expect(html).toMatch(/<dt>Duration<\/dt><dd><span>\d+ ms<\/span>/);
});

test('each failed attempt is a card with its error, its causes and their stacks', async () => {
  const site = openSite(url);
  const charge = defineJob({
    name: 'charge',
    retry: { attempts: 2, delays: [0] },
    handler: (_args, { job }) => {
      const cause = Object.assign(new TypeError('socket closed'), { code: 'ECONNRESET' });
      throw new Error(`declined ${job.attempt}`, { cause });
    },
  });
  await startServer(site.firelock, { jobs: [charge] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(charge), 'dead');
  const html = await site.page(`/${id}`);
  expect(
    [...html.matchAll(/<h3>Attempt (\d) <span class="pill tone \w+">([^<]+)/g)].map(([, ...parts]) => parts),
  ).toEqual([
    ['2', 'Failed, out of attempts'],
    ['1', 'Failed'],
  ]);
  expect(html).toMatch(/declined 2<\/p>\s*<details open>/);
  expect(html).toMatch(/caused by<\/span> <b>TypeError<\/b> <code>ECONNRESET<\/code>/);
  expect(html).toContain('socket closed');
  expect(html).toMatch(/<code>at .*job-page\.test\.ts/);
  expect(html).toContain('<dt>Attempt</dt><dd><span>2 of 2</span>');
});

test('the errors that an AggregateError holds are shown one by one', async () => {
  const site = openSite(url);
  const mirror = defineJob({
    name: 'mirror',
    retry: { attempts: 1 },
    handler: () =>
      Promise.any(['east', 'west'].map((name) => Promise.reject(new RangeError(`${name} is down`)))),
  });
  await startServer(site.firelock, { jobs: [mirror] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(mirror), 'dead');
  const html = await site.page(`/${id}`);
  expect(html).toContain('All promises were rejected');
  expect(html).toMatch(/inner error<\/span> <b>RangeError<\/b>[^]*east is down[^]*west is down/);
});

test('the history tells what happened, who did it and why, the latest first', async () => {
  const site = openSite(url);
  const id = await site.firelock.schedule(idle, undefined, '1h');
  await site.firelock.reschedule(id, '2h', { by: 'mara', reason: 'the mail server is down' });
  await site.firelock.delete(id, { by: 'ops' });
  const html = await site.page(`/${id}`);
  const rows = html.split('<h2>History</h2>')[1] ?? '';
  expect([...rows.matchAll(/class="pill tone (\w+)"/g)].map(([, state]) => state)).toEqual([
    'deleted',
    'scheduled',
    'scheduled',
  ]);
  expect(rows).toMatch(
    /ops[^]*mara[^]*the mail server is down[^]*planned: [^]*in 2 h[^]*Created[^]*planned: [^]*in 1 h/,
  );
});

test('a job that has not run yet says so', async () => {
  const site = openSite(url);
  const html = await site.page(`/${await site.firelock.enqueue(idle)}`);
  expect(html).toContain('No server has tried it yet.');
  expect(html).toContain('No args.');
  expect(html).not.toContain('<h2>Result</h2>');
});

test('a job that returned nothing says so', async () => {
  const site = openSite(url);
  const silent = defineJob({ name: 'silent', handler: () => undefined });
  await startServer(site.firelock, { jobs: [silent] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(silent), 'succeeded');
  expect(await site.page(`/${id}`)).toContain('The handler returned nothing.');
});

test('a running attempt is shown with how long it runs', async () => {
  const site = openSite(url);
  const endless = defineJob({
    name: 'waits',
    handler: (_args, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  });
  await startServer(site.firelock, { jobs: [endless] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(endless), 'processing');
  const html = await site.page(`/${id}`);
  expect(html).toContain('>Running</span>');
  expect(html).toMatch(/\d m?s so far/);
});

test('very large args are cut, with a word that says so', async () => {
  const site = openSite(url);
  const bulky = defineJob({ name: 'bulky', args: z.string(), queue: 'nobody' });
  const html = await site.page(`/${await site.firelock.enqueue(bulky, 'x'.repeat(200_000))}`);
  expect(html).toContain('Only the first 50,000 of 200,002 characters are shown');
  expect(html.length).toBeLessThan(70_000);
});

test('a job of a recurring job names it', async () => {
  const site = openSite(url);
  await site.firelock.addOrUpdateRecurring('nightly/report', working, undefined, '@daily');
  const id = await site.firelock.triggerRecurring('nightly/report');
  expect(await site.page(`/${id}`)).toContain(
    '<a href="/jobs/recurring/job?id=nightly%2Freport">nightly/report</a>',
  );
});

test.each(['999999', '9223372036854775807'])('there is no job %s: 404', async (id) => {
  expect((await openSite(url).get(`/${id}`).expect(404)).text).toContain(`There is no job ${id}`);
});

test.each([
  '/9223372036854775808',
  '/abc',
  '/-1',
  '/1.5',
  '/1/2/3',
  '/%00',
  '/%E0%A4%A',
  '/retry',
  '/jobs/1',
])('%s is not a page: 4xx in the look of the dashboard', async (path) => {
  const answer = await openSite(url).get(path);
  expect([400, 404]).toContain(answer.status);
  expect(answer.text).toContain('<nav aria-label="Dashboard"');
});
