import { expect, test } from 'vitest';
import { ServerLostError } from '../../../src/errors.js';
import type { Firelock } from '../../../src/firelock.js';
import { defineJob } from '../../../src/job/definition.js';
import { errorRecord } from '../../../src/job/error-record.js';
import { released, type Settlement, snoozed } from '../../../src/job/transition.js';
import { markStopped, registerServer } from '../../../src/storage/servers.js';
import { settleAndClaim } from '../../../src/storage/settle-and-claim.js';
import { fileConnection, fileDatabase, fileStorage } from '../../database.js';
import { eventually } from '../../eventually.js';
import { jobInState, startServer } from '../../firelock.js';
import { openSite, type Site } from '../site.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

/** A server that is no process, and a job that it runs. */
async function claimed(firelock: Firelock, queue: string) {
  const serverId = await registerServer(database, { name: `of-${queue}`, queues: {}, jobNames: [] });
  const id = await firelock.enqueue(defineJob({ name: queue, queue }));
  const claim = () =>
    settleAndClaim(database, serverId, { settled: [], claim: { queue, names: [queue], limit: 1 } });
  await claim();
  const settle = (attempt: number, settlement: Settlement) =>
    settleAndClaim(database, serverId, {
      settled: [{ id, attempt, settlement }],
      claim: { queue, names: [], limit: 0 },
    });
  return { id, serverId, settle };
}

/** What recovery writes when the server of a job was lost for the first, the second or the third time. */
async function loseServer(id: string, time: number): Promise<void> {
  const error = errorRecord(
    new ServerLostError('The server that ran this attempt stopped sending heartbeats.'),
  );
  const state = time < 3 ? 'enqueued' : 'dead';
  await client.query(
    `insert into firelock.transitions (job_id, from_state, to_state, attempt, server_id, started_at, error)
     select id, 'processing', $2, $3, server_id, started_at, $4 from firelock.jobs where id = $1`,
    [id, state, time, JSON.stringify(error)],
  );
  await client.query(
    `update firelock.jobs
     set state = $2, attempt = $3::int, recoveries = $3::int, uncounted = $3::int, attempt_limit = 10 + $3::int,
       finished_at = case when $2 = 'dead' then now() end, last_error = $4
     where id = $1`,
    [id, state, time, `${error.name}: ${error.message}`],
  );
}

/** What the page says of the attempts, the latest first, and of the states. */
async function told(site: Site, id: string) {
  const html = await site.page(`/${id}`);
  const texts = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, text = '']) => text.trim());
  return {
    html,
    notice: texts(/<p class="notice[^>]*>([^<]*)/g)[0],
    notices: texts(/<p class="notice[^>]*>([^<]*)/g),
    outcomes: texts(/<h3>Attempt \d+ <span class="pill[^>]*>([^<]*)/g),
    handlers: texts(/<dt>Handler<\/dt><dd>([^<]*)/g),
    why: texts(/data-heading="Why">\s*<span[^>]*>([^<]*)/g),
  };
}

test('a job that was deleted while it ran says where its handler still runs, then that it has finished all the same', async () => {
  const site = openSite(url);
  let finish: () => void = () => undefined;
  const stubborn = defineJob({
    name: 'stubborn',
    queue: 'stubborn',
    handler: () => new Promise<void>((resolve) => (finish = resolve)),
  });
  await startServer(site.firelock, { jobs: [stubborn], name: 'worker-5' });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(stubborn), 'processing');
  await site.post(`/${id}/delete`, { from: 'processing' }).expect(303);
  const before = await told(site, id);
  expect(before.notice).toBe('Deleted while it ran. Its handler: still running on worker-5.');
  expect(before.handlers).toEqual(['still running on worker-5']);
  expect(before.html).toMatch(/<dt>Duration<\/dt><dd><span>[\d.]+ m?s so far</);
  finish();
  const after = await eventually('the page tells of the end', async () => {
    const page = await told(site, id);
    return page.notice !== before.notice && page;
  });
  expect(after.handlers[0]).toMatch(/^finished all the same after [\d.]+ m?s$/);
  expect(after.why[0]).toBe(`Handler: ${after.handlers[0]}`);
  expect(after.html).not.toContain('so far');
});

test('a job that was deleted while it ran says after how long its handler stopped, beside the reason', async () => {
  const site = openSite(url);
  const heeding = defineJob({
    name: 'heeding',
    queue: 'heeding',
    handler: (_args, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  await startServer(site.firelock, { jobs: [heeding] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(heeding), 'processing');
  await site.firelock.delete(id, { reason: 'wrong customer' });
  const { why, html } = await eventually('the page tells of the end', async () => {
    const page = await told(site, id);
    return /stopped after [\d.]+ m?s/.test(page.notice ?? '') && page;
  });
  expect(why[0]).toBe('wrong customer');
  expect(html).toMatch(/<span class="planned">Handler: stopped after /);
});

test('of a handler whose server has left without a word it is said that its end is not known', async () => {
  const site = openSite(url);
  const { id, serverId } = await claimed(site.firelock, 'left');
  await site.firelock.delete(id);
  await markStopped(database, serverId);
  expect((await told(site, id)).handlers).toEqual(['not known to have ended: of-left has left']);
});

test('attempts that were given back or snoozed say so, and that they do not count', async () => {
  const site = openSite(url);
  const { id, settle } = await claimed(site.firelock, 'snoozing');
  await settle(1, snoozed({ delayMs: 3_600_000 }));
  const page = await told(site, id);
  expect(page.outcomes).toEqual(['Snoozed, does not count']);
  expect(page.why).toEqual(['It asked to be run again later; the attempt does not count', 'Created']);
  expect(page.html).toContain('<dt>Attempt</dt><dd><span>1 of 11, 1 not counted</span>');

  const other = await claimed(site.firelock, 'releasing');
  await other.settle(1, released());
  const otherPage = await told(site, other.id);
  expect(otherPage.outcomes).toEqual(['Given back, does not count']);
  expect(otherPage.why[0]).toBe('Its server gave it back unfinished; the attempt does not count');
});

test('an attempt whose time was over says so', async () => {
  const site = openSite(url);
  const slow = defineJob({
    name: 'slow',
    queue: 'slow',
    timeout: 20,
    retry: { attempts: 2, delays: [0] },
    handler: (_args, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  });
  await startServer(site.firelock, { jobs: [slow] });
  const { id } = await jobInState(site.firelock, await site.firelock.enqueue(slow), 'dead');
  const { outcomes, html } = await told(site, id);
  expect(outcomes).toEqual(['Timed out, out of attempts', 'Timed out']);
  expect(html).toContain('ran longer than its timeout of 20 ms');
  expect(html).not.toContain('<summary>Stack</summary>');
});

test('a suspect says on its page and in its list that it runs apart, and why', async () => {
  const site = openSite(url);
  const { id } = await claimed(site.firelock, 'suspect');
  await loseServer(id, 1);
  expect((await told(site, id)).notices).toHaveLength(1);
  await loseServer(id, 2);
  const page = await told(site, id);
  expect(page.notices[1]).toBe('Runs apart: its server was lost twice while it ran.');
  expect(page.outcomes).toEqual(['Server lost, does not count', 'Server lost, does not count']);
  expect(await site.page('/enqueued')).toContain('Runs apart: its server was lost twice while it ran<');
});

test('a dead letter that died of crashes says so on its page, in its list and on the home page', async () => {
  const site = openSite(url);
  const { id } = await claimed(site.firelock, 'killer');
  for (const time of [1, 2, 3]) await loseServer(id, time);
  const page = await told(site, id);
  expect(page.notice).toContain('Its server was lost 3 times while it ran');
  expect(page.outcomes[0]).toBe('Server lost, once too often');
  expect(page.why[0]).toBe('Its server was lost once too often');
  for (const path of ['/dead', '/'])
    expect(await site.page(path)).toContain(
      '<b>ServerLostError</b> Its server was lost 3 times while it ran',
    );
});
