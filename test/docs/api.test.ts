import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { rights } from '../../src/dashboard/access/rights.js';
import { errorCodes } from '../../src/dashboard/api/api-errors.js';
import { defineJob } from '../../src/job/definition.js';
import { openSite, type Site } from '../dashboard/site.js';
import { fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, startServer } from '../firelock.js';

const url = await fileDatabase();
const page = await readFile('docs/api.md', 'utf8');
const run = promisify(execFile);

const welcome = defineJob({
  name: 'send-welcome',
  queue: 'emails',
  retry: { attempts: 1 },
  handler: () => Promise.reject(new Error('no such account')),
});

/** The address of the API, under which the examples of the page call it. */
async function listen({ app }: Site): Promise<string> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  // Of a server that listens on a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs/api`;
}

/** Runs the example that calls this path, as it stands, and answers what it prints. */
async function example(path: string, address: string): Promise<unknown> {
  const examples = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, code = '']) => code);
  const code = examples.find((each) => each.includes(`/jobs/api${path} `)) ?? '';
  expect(code).toContain('curl');
  const { stdout } = await run('bash', ['-c', code.replace('http://localhost:3000/jobs/api', address)]);
  return JSON.parse(stdout);
}

test("the page's examples search, retry and pause as it says", async () => {
  const site = openSite(url);
  const { firelock } = site;
  const address = await listen(site);
  const server = await startServer(firelock, { jobs: [welcome], queues: { emails: 1 } });
  const id = await firelock.enqueue(welcome);
  await jobInState(firelock, id, 'dead');
  await server.stop();
  expect(id).toBe('1');
  expect(await example('/jobs', address)).toMatchObject({
    jobs: [{ id, name: 'send-welcome', state: 'dead' }],
  });
  expect(await example('/jobs/1/retry', address)).toEqual({ applied: true });
  expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued', attemptLimit: 2 });
  expect(await example('/queues/pause', address)).toEqual({ applied: true });
  expect(await firelock.resumeQueue('emails')).toBe(true);
});

test("the page's example of an act on all that match retries them", async () => {
  const site = openSite(url);
  const { firelock } = site;
  const server = await startServer(firelock, { jobs: [welcome], queues: { emails: 1 } });
  const id = await firelock.enqueue(welcome);
  await jobInState(firelock, id, 'dead');
  await server.stop();
  expect(await example('/bulk-acts', await listen(site))).toEqual({ applied: true, id: expect.any(String) });
  await eventually(
    'the dead letter is retried',
    async () => (await firelock.getJob(id))?.state === 'enqueued',
  );
});

test('the page lists every right and every code of an error', () => {
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, right]) => right);
  expect(listed).toEqual(rights);
  const codes = [...page.matchAll(/^\| (\d{3}) \| `([a-z-]+)`/gm)].map(([, status, code]) => [status, code]);
  expect(Object.fromEntries(codes)).toEqual(errorCodes);
});
