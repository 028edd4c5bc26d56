import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Firelock } from '../../src/firelock.js';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import { fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { silent } from '../firelock.js';
import { firelock, type RunningCommand, start } from './command.js';
import { scratchFolder } from './scratch-folder.js';

const connectionString = await fileDatabase();
const env = { DATABASE_URL: connectionString };
const DEFINITION = JSON.stringify(new URL('../../src/job/definition.ts', import.meta.url).href);
const ZOD = JSON.stringify(import.meta.resolve('zod'));

/** A job lasts until this server answers it. */
const jobs = createServer();
const contract = defineJob({ name: 'ask', args: z.object({ url: z.string() }) });
/** The timer would keep the process alive for ever, as a pool of the user's own would. */
const MODULE = `
  import { defineJob } from ${DEFINITION};
  import { z } from ${ZOD};
  setInterval(() => undefined, 1000);
  export const ask = defineJob({
    name: 'ask',
    args: z.object({ url: z.string() }),
    handler: async ({ url }, { signal }) => (await fetch(url, { signal })).text(),
  });
`;
/** Its job does not heed its signal. */
const DEAF_MODULE = MODULE.replace('fetch(url, { signal })', 'fetch(url)');

let client: Firelock;
let url: string;

beforeAll(async () => {
  client = createFirelock({ connectionString, logger: silent });
  await once(jobs.listen(0, '127.0.0.1'), 'listening');
  const address = jobs.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
});
afterAll(async () => {
  jobs.closeAllConnections();
  jobs.close();
  await client.close();
});

/** Starts a module; resolves when a job of it runs. */
async function startWithJob(flags: readonly string[] = [], module = MODULE): Promise<RunningJob> {
  const cwd = await scratchFolder({ 'jobs.mjs': module });
  const command = start(['server', 'jobs.mjs', ...flags], { cwd, env });
  const asked: Promise<[IncomingMessage, ServerResponse]> = once(jobs, 'request') as Promise<never>;
  const id = await client.enqueue(contract, { url });
  const [, response] = await asked;
  return { command, id, response };
}

interface RunningJob {
  readonly command: RunningCommand;
  readonly id: string;
  readonly response: ServerResponse;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s lets running jobs end, then the command leaves in order',
  async (signal) => {
    const { command, id, response } = await startWithJob();
    command.signal(signal);
    await command.printed(/"stopping: running jobs may end/);
    response.end('done');
    const { code, stdout, stderr } = await command.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('"jobs":["ask"]');
    expect(stdout).toContain('server stopped');
    expect(await client.getJob(id)).toMatchObject({ state: 'succeeded', result: 'done' });
  },
);

test('a server that is asked to stop from elsewhere lets running jobs end, and the command leaves in order', async () => {
  const { command, id, response } = await startWithJob(['--grace', '1h']);
  const { serverId = '' } = (await client.getJob(id)) ?? {};
  expect(await client.stopServer(serverId, { by: 'ann', reason: 'a new release' })).toBe(true);
  await command.printed(/"asked to stop:/);
  response.end('done');
  const { code, stdout, stderr } = await command.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('server stopped');
  expect(stdout).not.toContain('a second signal aborts them');
  expect(await client.getJob(id)).toMatchObject({ state: 'succeeded', result: 'done' });
});

test('one that is asked to stop, and then by signals, is hurried by the second one', async () => {
  const { command, id } = await startWithJob(['--grace', '1h']);
  const { serverId = '' } = (await client.getJob(id)) ?? {};
  await client.stopServer(serverId);
  await command.printed(/"asked to stop:/);
  command.signal('SIGTERM');
  await command.printed(/"stopping: running jobs may end/);
  command.signal('SIGINT');
  expect(await command.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"hurrying:') });
  expect(await client.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 1, attemptLimit: 11 });
  await client.delete(id);
});

test('one Ctrl-C that arrives twice, from the terminal and from npm, is one', async () => {
  const { command, id, response } = await startWithJob();
  command.signal('SIGINT');
  await command.printed(/"stopping: running jobs may end/);
  command.signal('SIGINT');
  response.end('done');
  expect(await command.ended).toMatchObject({ code: 0 });
  expect(await client.getJob(id)).toMatchObject({ state: 'succeeded' });
});

test('a job that outlasts --grace is given back without losing an attempt', async () => {
  const { command, id } = await startWithJob(['--grace', '50ms']);
  command.signal('SIGTERM');
  expect(await command.ended).toMatchObject({ code: 0 });
  expect(await client.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 1, attemptLimit: 11 });
  await client.delete(id);
});

test('a second signal aborts running jobs, gives them back and leaves in order', async () => {
  const { command, id } = await startWithJob(['--grace', '1h']);
  command.signal('SIGTERM');
  await command.printed(/"stopping: running jobs may end/);
  command.signal('SIGINT');
  expect(await command.ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/"hurrying: running jobs are aborted[^]*"server stopped"/),
  });
  expect(await client.getJob(id)).toMatchObject({ state: 'enqueued', attempt: 1, attemptLimit: 11 });
  await client.delete(id);
});

test('a third signal leaves at once, with the exit code of that signal', async () => {
  const { command, id } = await startWithJob(['--grace', '1h'], DEAF_MODULE);
  command.signal('SIGTERM');
  await command.printed(/"stopping: running jobs may end/);
  command.signal('SIGINT');
  await command.printed(/"hurrying: running jobs are aborted/);
  command.signal('SIGTERM');
  expect(await command.ended).toMatchObject({ code: 143, stdout: expect.stringContaining('left at once') });
  expect(await client.getJob(id)).toMatchObject({ state: 'processing' });
  await client.delete(id);
});

test('the same signal three times, each later than an echo, leaves at once', async () => {
  const { command, id } = await startWithJob(['--grace', '1h'], DEAF_MODULE);
  let code: number | null | undefined;
  void command.ended.then((outcome) => (code = outcome.code));
  await eventually('the command has left', () => {
    command.signal('SIGINT');
    return code !== undefined;
  });
  expect(code).toBe(130);
  await client.delete(id);
});

test('--queue says which queues are taken, and how many jobs of each run at once', async () => {
  const cwd = await scratchFolder({ 'jobs.mjs': MODULE });
  const command = start(['server', 'jobs.mjs', '--queue', 'emails=5', '--queue', 'default=20'], { cwd, env });
  await command.printed(/"queues":\{"emails":5,"default":20\}/);
});

test.each([
  [['--queue', 'emails'], /expected a queue and its slots, such as emails=5/],
  [['--grace', '30'], /expected a number with a unit, such as 30s or 5m/],
])('refuses %j', async (flags, message) => {
  const cwd = await scratchFolder({ 'jobs.mjs': MODULE });
  const { code, stderr } = await firelock(['server', 'jobs.mjs', ...flags], { cwd, env });
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
});

test('refuses a schema that is not migrated', async () => {
  const cwd = await scratchFolder({ 'jobs.mjs': MODULE });
  const { code, stderr } = await firelock(['server', 'jobs.mjs', '--schema', 'nowhere'], { cwd, env });
  expect(stderr).toMatch(
    /^Schema 'nowhere' is missing or older .*Run 'npx firelock migrate --schema nowhere'.*\n$/,
  );
  expect(code).toBe(1);
});

test('refuses what is not a module of jobs, in one line', async () => {
  const cwd = await scratchFolder({ 'other.mjs': 'export const port = 80' });
  const missing = await firelock(['server', 'dist/jobs.js'], { cwd, env });
  expect(missing.stderr).toBe(
    `There is no module 'dist/jobs.js' (looked for the file ${join(cwd, 'dist/jobs.js')}).\n`,
  );
  const other = await firelock(['server', 'other.mjs'], { cwd, env });
  expect(other.stderr).toMatch(
    /^'other\.mjs' exports no job with a handler \(it exports port\)\. Export jobs of .*\n$/,
  );
  expect([missing.code, other.code]).toEqual([1, 1]);
});

test('a module that fails shows where it did', async () => {
  const cwd = await scratchFolder({ 'broken.mjs': "\nthrow new TypeError('no settings')" });
  const { code, stderr } = await firelock(['server', 'broken.mjs'], { cwd, env });
  expect(stderr).toMatch(/^TypeError: no settings\n +at .*broken\.mjs:2/);
  expect(code).toBe(1);
});
