import { expect, test } from 'vitest';
import { putMany } from '../../bulk-acts.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { eventually } from '../../eventually.js';
import { type Caller, callApi, type Said } from './caller.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const ended = ({ get }: Caller, id: unknown): Promise<Said> =>
  eventually(`the act ${String(id)} has ended`, async () => {
    const act = await get(`/bulk-acts/${String(id)}`);
    return act['endedAt'] !== undefined && act;
  });

/** An act whose process is gone. */
async function abandoned(facts: { readonly name: string }): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into firelock.bulk_acts (act, state, query, acted_by, beat_at)
     values ('retry', 'dead', $1, 'bob', now() - interval '1 min') returning id::text`,
    [`name:${facts.name}`],
  );
  return rows[0]?.id ?? '';
}

test('an act on all that match is looked at, started, and followed to its end', async () => {
  const api = callApi(url);
  await putMany(client, { name: 'mended', state: 'dead', count: 12 });
  expect(await api.get('/bulk-acts/preview?act=retry&state=dead&q=name:mended')).toMatchObject({
    matching: { count: 12, isExact: true },
    applicable: { count: 12, isExact: true },
    examples: [{ name: 'mended', hidden: false }, {}, {}, {}, {}],
  });
  const body = { act: 'retry', state: 'dead', q: 'name:mended', reason: 'mail is back' };
  const { applied, id } = await api.post('/bulk-acts', body);
  expect(applied).toBe(true);
  expect(await ended(api, id)).toMatchObject({
    act: 'retry',
    state: 'dead',
    by: 'dashboard',
    reason: 'mail is back',
    outcome: 'finished',
    applied: 12,
    expected: 12,
  });
  expect(await api.get('/bulk-acts?size=1')).toMatchObject({ bulkActs: [{ id }] });
  expect(await api.post(`/bulk-acts/${String(id)}/stop`)).toEqual({ applied: false });
  expect(await api.post(`/bulk-acts/${String(id)}/resume`)).toEqual({ applied: false });
});

test('jobs that match are planned for another time', async () => {
  const api = callApi(url);
  const [id = ''] = await putMany(client, { name: 'later', state: 'failed', count: 1 });
  const when = '2030-01-02T03:04:05.000Z';
  const started = await api.post('/bulk-acts', { act: 'reschedule', state: 'failed', q: 'name:later', when });
  expect(await ended(api, started['id'])).toMatchObject({ applied: 1, runAt: when });
  expect((await api.firelock.getJob(id))?.runAt?.toISOString()).toBe(when);
});

test('nothing is started where more match than was said, or what is asked for cannot be', async () => {
  const api = callApi(url);
  await putMany(client, { name: 'many', state: 'dead', count: 3 });
  const body = { act: 'retry', state: 'dead', q: 'name:many' };
  expect(await api.post('/bulk-acts', { ...body, expectedAtMost: 2 }, 400)).toMatchObject({
    error: { code: 'FIRELOCK_MORE_JOBS_MATCH' },
  });
  for (const bad of [{ q: 'nam:many' }, { when: '1h' }, { state: 'succeeded' }, { act: 'change' }])
    await api.post('/bulk-acts', { ...body, ...bad }, 400);
  const { rows } = await client.query("select from firelock.bulk_acts where query like '%many%'");
  expect(rows).toEqual([]);
});

test('an act whose process is gone is told so, and is resumed or stopped', async () => {
  const api = callApi(url);
  await putMany(client, { name: 'left', state: 'dead', count: 4 });
  const [one, two] = [await abandoned({ name: 'left' }), await abandoned({ name: 'left' })];
  expect(await api.get(`/bulk-acts/${one}`)).toMatchObject({ outcome: 'interrupted', by: 'bob' });
  expect(await api.post(`/bulk-acts/${one}/resume`)).toEqual({ applied: true });
  expect(await ended(api, one)).toMatchObject({ outcome: 'finished', applied: 4 });
  expect(await api.post(`/bulk-acts/${two}/stop`)).toEqual({ applied: true });
  expect(await api.get(`/bulk-acts/${two}`)).toMatchObject({ outcome: 'stopped' });
});

test('an act that there is not is a 404, but for a stop, which applies to nothing', async () => {
  const api = callApi(url);
  await api.get('/bulk-acts/999999', 404);
  await api.post('/bulk-acts/999999/resume', {}, 404);
  expect(await api.post('/bulk-acts/999999/stop')).toEqual({ applied: false });
});
