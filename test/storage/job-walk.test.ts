import { beforeAll, expect, test } from 'vitest';
import type { State } from '../../src/job/state.js';
import { findJobs } from '../../src/storage/find-jobs.js';
import { planWalk, seenIn, type Walk } from '../../src/storage/job-walk.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { searchOf } from '../search/search-of.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

beforeAll(async () => {
  await client.query(
    `insert into firelock.jobs (name, queue, state, priority, attempt_limit, args, finished_at, tags)
     select case when n = 1 then 'needle' else 'hay' end, 'default', 'dead', 2, 3, '{}',
       timestamptz '2026-11-01T00:00Z' + n * interval '1 s', '{common}'
     from generate_series(1, 6000) as n`,
  );
  await client.query('insert into firelock.job_tags select unnest(tags), id from firelock.jobs');
  await client.query('analyze firelock.jobs');
});

async function walkOf(
  state: State | undefined,
  text: string,
  order: 'first' | 'reversed' = 'first',
): Promise<Walk> {
  const walk = await planWalk(database, { state, search: searchOf(text) }, order);
  if (walk === undefined) throw new Error('nothing can match');
  return walk;
}

test('a search whose time is over has looked at a bounded part, says how far it came, and goes on from there', async () => {
  const walk = await walkOf('dead', 'name:needle');
  const options = { wanted: 10, budgetMs: 0 };
  const first = await findJobs(database, walk, { ...options, place: undefined });
  expect(first).toMatchObject({ found: [], looked: 1000, backTo: new Date('2026-11-01T01:23:21Z') });
  let looks = 1;
  let finding = first;
  while (finding.next !== undefined) {
    finding = await findJobs(database, walk, { ...options, place: finding.next });
    looks += 1;
  }
  // The seventh look sees that nothing is left.
  expect({ looks, found: finding.found.length }).toEqual({ looks: 7, found: 0 });
  const oldest = await findJobs(database, await walkOf('dead', 'name:needle', 'reversed'), {
    ...options,
    place: undefined,
  });
  expect(oldest.found).toMatchObject([{ looked: 1 }]);
});

test('a search with time left looks on until it has found what it wants', async () => {
  const options = { place: undefined, wanted: 10, budgetMs: 60_000 };
  const finding = await findJobs(database, await walkOf('dead', 'name:needle'), options);
  expect(finding).toMatchObject({ found: [{ looked: 6000 }], looked: 6000, next: undefined });
  const enough = await findJobs(database, await walkOf('dead', 'name:hay'), options);
  expect(enough).toMatchObject({ looked: 10, next: enough.found.at(-1)?.place });
});

test('jobs that an index knows to be few are all looked at at once; those of a common tag are not', async () => {
  const options = { place: undefined, wanted: 10, budgetMs: 0 };
  const few = await findJobs(database, await walkOf('dead', 'id:1 id:2 name:needle'), options);
  expect(few).toMatchObject({ found: [{ id: '1' }], looked: 2, next: undefined });
  expect(await walkOf('dead', 'tag:common')).toMatchObject({ few: undefined });
  expect(await walkOf('dead', 'tag:rare')).toMatchObject({ few: [] });
});

test.each([
  ['enqueued', '', /jobs_ready/],
  ['enqueued', 'queue:default name:x', /jobs_ready.*Index Cond: \(\(?queue = /s],
  ['scheduled', 'name:x', /jobs_waiting/],
  ['failed', 'after:2h', /jobs_waiting.*Index Cond: \(.*run_at >= /s],
  ['succeeded', 'error:x', /jobs_done/],
  ['dead', 'before:2026-11-19 args.x:1', /jobs_done.*Index Cond: \(.*finished_at < /s],
  ['deleted', '', /jobs_done/],
  ['awaiting', 'x', /jobs_awaiting/],
  [undefined, 'x', /jobs_pkey/],
  [undefined, 'id:1 id:2', /jobs_pkey.*Index Cond: \(id = ANY/s],
  ['dead', 'id:1 id:2 name:x', /jobs_pkey.*Index Cond: \(id = ANY/s],
  [undefined, 'after:2h', /jobs_pkey.*Index Cond: \(id >= /s],
] as const)(
  'the list of %s jobs with %s is served by its index, in both directions',
  async (state, text, index) => {
    await client.query('set enable_seqscan = off; set enable_bitmapscan = off');
    for (const order of ['first', 'reversed'] as const) {
      const walk = await walkOf(state, text, order);
      const { sql, parameters } = seenIn(database, walk, { place: undefined, limit: 1000 })
        .selectFrom('seen')
        .selectAll()
        .compile();
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...parameters]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(index);
      // What the limit has let through may be sorted, not what it chooses from, unless that is few ids.
      if (!text.startsWith('id:')) expect(plan.slice(plan.indexOf('Limit'))).not.toContain('Sort');
    }
  },
);
