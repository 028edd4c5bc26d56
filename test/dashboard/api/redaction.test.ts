import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { jobInState, startServer } from '../../firelock.js';
import { callApi } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const secret = 's3cret';
const login = defineJob({
  name: 'login',
  args: z.object({ user: z.string(), password: z.string() }),
  handler: (args) => ({ token: args.password }),
});

/** A job that has run, its log, and a recurring job like it, all of which hold what must be hidden. */
async function installation(options: Parameters<typeof callApi>[1]) {
  const api = callApi(url, options);
  await startServer(api.firelock, { jobs: [login] });
  const args = { user: 'ada', password: secret };
  const id = await api.firelock.enqueue(login, args);
  await jobInState(api.firelock, id, 'succeeded');
  const lines = JSON.stringify([[0, 'info', 'logged in', { password: secret }]]);
  await client.query('insert into firelock.job_logs values ($1, 1, 1, now(), $2)', [id, lines]);
  await api.firelock.addOrUpdateRecurring('relogin', login, args, '0 0 1 1 *');
  await api.firelock.overrideRecurring('relogin', { args: { ...args, user: 'bob' } }, { by: 'ada' });
  return { ...api, id };
}

const readings = (id: string) => [
  `/jobs/${id}`,
  '/jobs?q=name:login',
  '/recurring',
  '/recurring/job?id=relogin',
  '/audit',
  '/bulk-acts/preview?act=requeue&state=succeeded&q=name:login',
];

test('without the right to see args, no answer holds any, and each says so', async () => {
  const rights = ['view', 'view-audit', 'act', 'manage-recurring'] as const;
  const { get, id } = await installation({ authorize: () => ({ rights }) });
  for (const path of readings(id)) {
    const text = JSON.stringify(await get(path));
    expect({ path, text: text.includes(secret) || text.includes('"user"') }).toEqual({ path, text: false });
    expect(text).toContain('"hidden":true');
  }
  const job = await get(`/jobs/${id}`);
  expect(job).not.toHaveProperty('args');
  expect(job).not.toHaveProperty('result');
  await get(`/jobs/${id}/log`, 403);
});

test('a search for args that are hidden is refused, and starts nothing', async () => {
  const { get, post } = await installation({ authorize: () => ({ rights: ['view', 'act'] }) });
  const q = `args.password:${secret}`;
  expect(await get(`/jobs?q=${q}`, 403)).toMatchObject({ error: { code: 'forbidden' } });
  await get(`/bulk-acts/preview?act=requeue&state=succeeded&q=${q}`, 403);
  await post('/bulk-acts', { act: 'requeue', state: 'succeeded', q }, 403);
  const { rows } = await client.query("select from firelock.bulk_acts where act = 'requeue'");
  expect(rows).toEqual([]);
});

test('a search for args that somebody made is told to those who may see args alone', async () => {
  const maker = await installation({});
  const q = `name:login args.password:${secret}`;
  const { id } = await maker.post('/bulk-acts', { act: 'delete', state: 'dead', q });
  const paths = [`/bulk-acts/${String(id)}`, '/bulk-acts', '/audit'];
  for (const path of paths)
    expect(JSON.stringify(await maker.get(path))).toContain(`args.password:${secret}`);
  const { get } = callApi(url, { authorize: () => ({ rights: ['view', 'view-audit'] }) });
  for (const path of paths) {
    const text = JSON.stringify(await get(path));
    expect({ path, told: text.includes(secret) }).toEqual({ path, told: false });
    expect(text).toContain('name:login (args are hidden)');
  }
});

test('what is redacted is shown to nobody, and found by nobody', async () => {
  const { get, id } = await installation({ redact: { keys: ['password', 'token'] } });
  for (const path of [...readings(id), `/jobs/${id}/log`]) {
    const text = JSON.stringify(await get(path));
    expect({ path, told: text.includes(secret) }).toEqual({ path, told: false });
    expect(text).toContain('[redacted]');
  }
  expect(await get(`/jobs/${id}`)).toMatchObject({
    args: { user: 'ada', password: '[redacted]' },
    result: { token: '[redacted]' },
    hidden: false,
  });
  expect(await get(`/jobs?q=args.password:${secret}`)).toMatchObject({ jobs: [] });
  expect(await get('/jobs?q=args.user:ada%20name:login&state=succeeded')).toMatchObject({
    jobs: [{}, {}, {}],
  });
});

test.each([
  ['who may not see them', { authorize: () => ({ rights: ['view', 'act', 'manage-recurring'] as const }) }],
  ['for whom something of them is redacted', { redact: { keys: ['password'] } }],
] as const)('args are not replaced by a visitor %s, and an override keeps them', async (_who, options) => {
  const { firelock, post, id } = await installation(options);
  const args = { user: 'eve', password: '[redacted]' };
  await post(`/jobs/${id}/run-again`, { args }, 403);
  await post('/recurring/trigger', { id: 'relogin', args }, 403);
  await post('/recurring/override', { id: 'relogin', args }, 403);
  expect(await post('/recurring/override', { id: 'relogin', queue: 'slow' })).toEqual({ applied: true });
  const kept = await firelock.getRecurring('relogin');
  expect(kept).toMatchObject({ queue: 'slow', args: { user: 'bob', password: secret } });
  const { jobId } = await post(`/jobs/${id}/run-again`);
  expect((await firelock.getJob(String(jobId)))?.args).toEqual({ user: 'ada', password: secret });
});
