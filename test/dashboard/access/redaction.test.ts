import { expect, test } from 'vitest';
import { z } from 'zod';
import { Redaction, REDACTED } from '../../../src/dashboard/access/redaction.js';
import { defineJob } from '../../../src/job/definition.js';
import { formatSearch } from '../../../src/search/format-search.js';
import { parseSearch } from '../../../src/search/parse-search.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { eventually } from '../../eventually.js';
import { jobInState, startServer } from '../../firelock.js';
import { openSite, type Site } from '../site.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const SECRET = 'hunter2';
const charge = defineJob({ name: 'charge', queue: 'nobody', args: z.any() });
const pay = defineJob({
  name: 'pay',
  queue: 'payments',
  args: z.any(),
  handler: (args) => ({ receipt: [args] }),
});

const byKeys = { redact: { keys: ['password'] } };
/** Goes by the name of the job: it leaves alone whatever is not of a job of its. */
const byJob = {
  redact: {
    value: (value: unknown, { job }: { readonly job: string }) =>
      job === 'charge' || job === 'pay' ? 'gone' : value,
  },
};
const args = { user: 7, nested: [{ PassWord: SECRET }] };

const shown = { job: 'charge', part: 'args' } as const;

test('values under the keys are replaced, at any depth, whatever the case of the keys', () => {
  const redaction = new Redaction({ keys: ['PASSWORD', 'card'] });
  const value = { password: 1, a: [{ b: { PassWord: { deep: 2 }, c: 3 } }], card: null, cards: [4] };
  expect(redaction.of(value, shown)).toEqual({
    password: REDACTED,
    a: [{ b: { PassWord: REDACTED, c: 3 } }],
    card: REDACTED,
    cards: [4],
  });
  expect(redaction.leaves({ cards: 1 }, shown)).toBe(true);
  expect(redaction.leaves(value, shown)).toBe(false);
});

test('the function sees what the keys leave of the value, of which job it is, and which part', () => {
  const seen: unknown[] = [];
  const redaction = new Redaction({ keys: ['password'], value: (...given) => seen.push(given) });
  redaction.of({ password: SECRET, user: 7 }, { job: 'charge', part: 'result' });
  expect(seen).toEqual([
    [
      { password: REDACTED, user: 7 },
      { job: 'charge', part: 'result' },
    ],
  ]);
});

test.each<[string, (value: unknown) => unknown]>([
  ['throws', () => JSON.parse('{')],
  ['answers nothing', () => undefined],
  ['answers what JSON cannot say', () => 1n],
  ['answers a cycle', (value) => Object.assign(Object(value), { value })],
])('a function that %s hides the value', (_what, value) => {
  expect(new Redaction({ value }).of({ secret: 1 }, shown)).toBe(REDACTED);
});

test('a function that changes the value in place changes what is shown, and not what is kept', () => {
  const kept = { password: SECRET };
  const redaction = new Redaction({
    value: (value) => delete (value as { password?: string }).password && value,
  });
  expect(redaction.of(kept, shown)).toEqual({});
  expect(redaction.leaves(kept, shown)).toBe(false);
  expect(kept).toEqual({ password: SECRET });
});

/** Every page and answer that shows anything of args, results and facts; all acts are carried out before. */
async function everythingShown(site: Site): Promise<readonly string[]> {
  const { firelock } = site;
  await startServer(firelock, { jobs: [pay], queues: { payments: 1 } });
  const waiting = await firelock.enqueue(charge, args);
  const paid = (await jobInState(firelock, await firelock.enqueue(pay, args), 'succeeded')).id;
  const again = await firelock.runAgain(waiting, { args: { ...args, password: SECRET }, by: 'ann' });
  await firelock.addOrUpdateRecurring('monthly', charge, args, '@monthly');
  await firelock.overrideRecurring('monthly', { args: { ...args, also: 1 } }, { by: 'ann' });
  await firelock.triggerRecurring('monthly', { args, by: 'ann' });
  await firelock.addOrUpdateRecurring('removed', charge, args, '@monthly');
  await firelock.removeRecurring('removed', { by: 'ann' });
  const line = [0, 'info', 'paid', { card: { Password: SECRET } }];
  await client.query('insert into firelock.job_logs values ($1, 1, 1, now(), $2)', [
    paid,
    JSON.stringify([line]),
  ]);
  const pages = [
    '/',
    '/jobs',
    '/enqueued',
    '/succeeded',
    '/audit',
    '/recurring',
    '/recurring/job?id=monthly',
  ];
  const forms = ['/recurring/change?id=monthly', '/recurring/run?id=monthly', `/${waiting}/again`];
  const values = [`/${waiting}/args`, `/${paid}/args`, `/${paid}/result`];
  const jobs = [`/${waiting}`, `/${paid}`, `/${again}`];
  const answers: string[] = [];
  for (const path of [...pages, ...forms, ...values, ...jobs]) {
    const { status, text } = await site.get(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    answers.push(text);
  }
  return answers;
}

test.each([
  ['under a key', byKeys],
  ['by a function that goes by the name of the job', byJob],
])('what is redacted %s is in no page, form or answer', async (_how, options) => {
  const answers = await everythingShown(openSite(url, options));
  expect(answers.filter((text) => text.includes(SECRET))).toEqual([]);
});

test('without redaction all of it is shown: the pages of these tests are those that would tell', async () => {
  const answers = await everythingShown(openSite(url));
  // The home page and the list of recurring jobs show no args.
  expect(answers.filter((text) => !text.includes(SECRET))).toHaveLength(2);
});

test.each([
  ['args.nested[0].PassWord:hunter2', ['args.nested[0].PassWord:hunter3']],
  ['-args.nested[0].PassWord:hunter2', ['-args.nested[0].PassWord:hunter3']],
  [
    'args.nested[0].PassWord:hunter2 args.nested[0].PassWord:x',
    ['args.nested[0].PassWord:y args.nested[0].PassWord:x'],
  ],
])(
  'the search %s finds what a wrong guess finds: no list, count or act on all tells',
  async (right, [wrong = '']) => {
    const site = openSite(url, byKeys);
    await client.query('truncate firelock.jobs');
    await site.firelock.enqueueMany(
      charge,
      Array.from({ length: 3 }, () => args),
    );
    const told = async (search: string) => {
      const q = encodeURIComponent(search);
      const pages = await Promise.all(
        [`/jobs?q=${q}`, `/enqueued?q=${q}&size=10`, `/enqueued/all/delete?q=${q}`].map((path) =>
          site.page(path),
        ),
      );
      // The search itself, and times, are on the page.
      const words = pages.join('\n').replaceAll(escaped(search), '').replaceAll(q, '');
      return words.replaceAll(/<time.*?<\/time>/gs, '').replaceAll(/q=[^"]*/g, '');
    };
    expect(await told(right)).toBe(await told(wrong));
  },
);

function escaped(text: string): string {
  return text.replaceAll('"', '&#34;');
}

test('an act on all that match touches nothing by what is redacted, whoever goes on with it', async () => {
  const site = openSite(url, {
    ...byKeys,
    authorize: (req) => ({ name: 'ann', rights: req.get('x-may') === 'act' ? ['view', 'act'] : 'all' }),
  });
  const id = await site.firelock.enqueue(charge, args);
  const search = `id:${id} args.nested[0].PassWord:${SECRET}`;
  const started = await site.post('/enqueued/all/delete', { q: search }).expect(303);
  await ended(started.headers['location']);
  const read = parseSearch(search);
  if ('problem' in read) throw new Error(read.problem.message);
  const { rows } = await client.query<{ id: string }>(
    `insert into firelock.bulk_acts (act, state, query, acted_by, beat_at)
     values ('delete', 'enqueued', $1, 'ann', now() - interval '1 h') returning id::text`,
    [formatSearch(read.search)],
  );
  const resumed = await site.post(`/bulk/${rows[0]?.id}/resume`).set('x-may', 'act').expect(303);
  await ended(resumed.headers['location']);
  expect((await site.firelock.getJob(id))?.state).toBe('enqueued');
});

function ended(location = ''): Promise<unknown> {
  return eventually('the act has ended', async () => {
    const { rows } = await client.query(
      'select from firelock.bulk_acts where id = $1 and ended_at is not null',
      [/\d+$/.exec(location)?.[0]],
    );
    return rows.length === 1;
  });
}

test.each([
  ['who sees a part of them', byKeys],
  ['who sees none of them', { authorize: () => ({ rights: ['view', 'act', 'manage-recurring'] as const }) }],
])('the forms of somebody %s never overwrite hidden args', async (_who, options) => {
  const site = openSite(url, options);
  const id = await site.firelock.enqueue(charge, args);
  const { headers } = await site.post(`/${id}/again`, { args: '{"typed":1}' }).expect(303);
  const copy = /\/jobs\/(\d+)\?/.exec(headers['location'] ?? '')?.[1] ?? '';
  expect((await site.firelock.getJob(copy))?.args).toEqual(args);

  await site.firelock.addOrUpdateRecurring('weekly', charge, { plain: 1 }, '@weekly');
  await site.firelock.overrideRecurring('weekly', { args });
  const fields = { id: 'weekly', schedule: '@daily', timeZone: 'UTC', queue: 'nobody', args: '{"typed":1}' };
  await site.post('/recurring/change', fields).expect(303);
  expect(await site.firelock.getRecurring('weekly')).toMatchObject({ schedule: '@daily', args });
  await site.post('/recurring/run', { id: 'weekly', args: '{"typed":1}' }).expect(303);
  const { lastJobId = '' } = (await site.firelock.getRecurring('weekly')) ?? {};
  expect((await site.firelock.getJob(lastJobId))?.args).toEqual(args);
});
