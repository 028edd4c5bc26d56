import { EventEmitter, once } from 'node:events';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { JobContext } from '../../../src/job/context.js';
import { defineJob } from '../../../src/job/definition.js';
import { jobInState, startServer } from '../../firelock.js';
import { fileBrowser } from '../browser.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

/** A running job whose handler does what the test says, and its page. */
async function openRunning() {
  const desk = await openDesk(browser, { timezoneId: 'Asia/Seoul' });
  const handlers = new EventEmitter<{ begun: [JobContext]; end: [] }>();
  const begun = once(handlers, 'begun');
  const job = defineJob({
    name: 'monthly-report',
    handler: (_args, ctx) => {
      handlers.emit('begun', ctx);
      return once(handlers, 'end');
    },
  });
  await startServer(desk.firelock, { jobs: [job] });
  const id = await desk.firelock.enqueue(job);
  // `once` answers what was emitted, which the emitter's type tells.
  const [handler] = (await begun) as [JobContext];
  await desk.page.goto(`/jobs/${id}`);
  return { ...desk, id, handler, end: () => handlers.emit('end') };
}

function scrolled(page: Page, where: 'scrollTop' | 'scrollHeight - each.clientHeight - each.scrollTop') {
  return page.evaluate(`(() => { const each = document.querySelector('.lines'); return each.${where}; })()`);
}

test('the log and the progress of a running job are followed to its end', async () => {
  const { firelock, page, id, handler, end, complaints } = await openRunning();
  handler.log.info({ page: 1 }, 'page read');
  handler.progress(25);
  const rows = handler.progressBar('rows');
  rows(10);
  await page.getByText('page read').waitFor();
  await page.getByText('{"page":1}').waitFor();
  await page.getByText('25 %').waitFor();
  expect(await page.getByRole('progressbar', { name: 'rows' }).getAttribute('value')).toBe('10');
  handler.log.warn('a row was left out');
  handler.progress(100);
  rows(60);
  await page.locator('.lines .warn', { hasText: 'a row was left out' }).waitFor();
  await page.getByText('100 %').waitFor();
  await page.getByText('60 %').waitFor();
  end();
  await jobInState(firelock, id, 'succeeded');
  await page.getByRole('heading', { level: 1, name: 'Succeeded' }).waitFor();
  await page.getByText('a row was left out').waitFor();
  expect(complaints).toEqual([]);
});

test('who reads the end of a log goes on reading its end, and who has scrolled away stays there', async () => {
  const { page, handler, complaints } = await openRunning();
  const say = (from: number, to: number) => {
    for (let line = from; line <= to; line += 1) handler.log.info(`line ${line}`);
  };
  say(1, 60);
  await page.getByText('line 60', { exact: true }).waitFor({ state: 'attached' });
  expect(await scrolled(page, 'scrollHeight - each.clientHeight - each.scrollTop')).toBeLessThan(20);
  say(61, 120);
  await page.getByText('line 120', { exact: true }).waitFor({ state: 'attached' });
  expect(await scrolled(page, 'scrollHeight - each.clientHeight - each.scrollTop')).toBeLessThan(20);
  await page.evaluate("document.querySelector('.lines').scrollTop = 100");
  say(121, 180);
  await page.getByText('line 180', { exact: true }).waitFor({ state: 'attached' });
  expect(await scrolled(page, 'scrollTop')).toBe(100);
  await page.reload();
  expect(await scrolled(page, 'scrollHeight - each.clientHeight - each.scrollTop')).toBeLessThan(20);
  expect(complaints).toEqual([]);
});
