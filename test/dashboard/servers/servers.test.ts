import { expect, test } from 'vitest';
import { eventually } from '../../eventually.js';
import { run } from '../../global-setup.js';
import { startServer } from '../../firelock.js';
import { endless, working } from '../jobs.js';
import { openEmptySite, openSite } from '../site.js';
import { fileDatabase } from '../../database.js';

const url = await fileDatabase();

test('servers are listed with state, queues, slots and running jobs, running ones first', async () => {
  const site = await openEmptySite();
  await startServer(site.firelock, {
    jobs: [endless, working],
    queues: { default: 2, mails: 3 },
    name: 'at-work',
  });
  const left = await startServer(site.firelock, { jobs: [working], name: 'has-left' });
  await left.stop();
  await site.firelock.enqueueMany(endless, [undefined, undefined]);
  const html = await eventually('both jobs run', async () => {
    const page = await site.page('/servers');
    return page.includes('2 of 5') && page;
  });
  expect(html.indexOf('at-work')).toBeLessThan(html.indexOf('has-left'));
  expect(html).toMatch(/default <b>2<\/b>[^]*mails <b>3<\/b>/);
  expect([...html.matchAll(/class="pill tone (\w+)"/g)].map(([, state]) => state)).toEqual([
    'running',
    'stopped',
  ]);
  expect(html).toMatch(
    /data-heading="Heartbeat"><time datetime="[^"]+" title="[^"]+"><span class="relative">(?:now|\d s ago)/,
  );
});

test('a running server whose heartbeats are missing is called silent', async () => {
  const site = openSite(url);
  await startServer(site.firelock, { jobs: [working], name: 'frozen' });
  await eventually('it is silent', async () => {
    // Instead of a process that is frozen for 16 s; its own heartbeat may come in between.
    await run(url, `update firelock.servers set heartbeat_at = now() - interval '16 seconds'`);
    return (await site.page('/servers')).includes('<span class="pill tone silent">silent</span>');
  });
});

test('without servers the page says how to start one', async () => {
  expect(await (await openEmptySite()).page('/servers')).toContain('firelock.createServer(');
});
