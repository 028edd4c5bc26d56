import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { idle } from '../jobs.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

/** Harmless only if every character that means something in HTML is escaped, in text and in attributes. */
const hostile = `"'><img src=x onerror=alert(1)></script></textarea><script>alert(2)</script>&lt;b&gt;{{7*7}}<%= 7*7 %>`;
const traces = ['<img src=x', '<script>alert', '</textarea>', 'x onerror=alert(1)>', `"'>`];

function expectHarmless(html: string): void {
  for (const trace of traces) expect(html).not.toContain(trace);
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html).toContain('&lt;%= 7*7 %&gt;');
}

test('hostile args, results, errors, codes, stacks and server names are text', async () => {
  const site = openSite(url);
  const fails = defineJob({
    name: 'fails',
    args: z.any(),
    retry: { attempts: 2, delays: ['1h'] },
    handler: () => {
      const cause = Object.assign(new Error(hostile), {
        name: hostile,
        code: hostile,
        stack: `    at ${hostile}`,
      });
      throw Object.assign(new Error(hostile, { cause }), {
        name: hostile,
        code: hostile,
        stack: `${hostile}\n    at ${hostile}`,
      });
    },
  });
  const echoes = defineJob({ name: 'echoes', args: z.any(), handler: (args) => args });
  await startServer(site.firelock, { jobs: [fails, echoes], name: hostile });
  const args = { [hostile]: hostile };
  const failed = await jobInState(site.firelock, await site.firelock.enqueue(fails, args), 'failed');
  const echoed = await jobInState(site.firelock, await site.firelock.enqueue(echoes, args), 'succeeded');
  for (const path of ['/', '/failed', '/succeeded', '/servers', `/${failed.id}`, `/${echoed.id}`]) {
    expectHarmless(await site.page(path));
  }
});

test('hostile reasons and names of people are text', async () => {
  const site = openSite(url);
  const id = await site.firelock.schedule(idle, undefined, '1h');
  await site.firelock.delete(id, { by: hostile, reason: hostile });
  expectHarmless(await site.page(`/${id}`));
});

test('what an address or a form carries is text', async () => {
  const site = openSite(url);
  const query = encodeURIComponent(hostile);
  const confirmation = await site.page(`/recurring/remove?ids=${query}`);
  expectHarmless(confirmation);
  expectHarmless(await site.page(`/failed/delete?ids=${query}&place=${query}`));
  for (const path of [`/failed?place=${query}&done=${query}`, `/?x=${query}`]) {
    const html = await site.page(path);
    expect(traces.filter((trace) => html.includes(trace))).toEqual([]);
  }
  const { text } = await site.get(`/${query}`).expect(404);
  expect(text).not.toContain('onerror');
  const { text: refused } = await site
    .post('/1/delete', { reason: hostile.repeat(30), from: hostile })
    .expect(400);
  expect(refused).not.toContain('<img src=x');
});

test('what people say of recurring jobs is text, and so is what they type', async () => {
  const site = openSite(url);
  await site.firelock.addOrUpdateRecurring('said', idle, undefined, '@daily');
  await site.firelock.pauseRecurring('said', { by: hostile, reason: hostile });
  await site.firelock.overrideRecurring(
    'said',
    { args: { [hostile]: hostile } },
    { by: hostile, reason: hostile },
  );
  await site.firelock.triggerRecurring('said', { by: hostile, reason: hostile });
  expectHarmless(await site.page('/recurring/job?id=said'));
  for (const path of ['/recurring/change', '/recurring/run']) {
    const fields = { id: 'said', schedule: hostile, args: hostile, reason: hostile };
    const { text } = await site.post(path, fields).expect(422);
    for (const form of [text, await site.page(`${path}?id=said`)]) {
      expect(form).not.toContain('<img src=x');
      expect(form).not.toContain('<script>alert');
    }
  }
});
