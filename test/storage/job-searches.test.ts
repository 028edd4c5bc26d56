import { beforeAll, describe, expect, test } from 'vitest';
import { type State, states } from '../../src/job/state.js';
import { argsMatch } from '../../src/search/args-match.js';
import { countMatching } from '../../src/storage/count-matching.js';
import { type JobListQuery, listJobs } from '../../src/storage/job-lists.js';
import type { JobQuery } from '../../src/storage/job-walk.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import type { JobRow } from '../job-rows.js';
import { searchOf } from '../search/search-of.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const COUNT = 960;
let rows: readonly JobRow[] = [];

/** Jobs of every state that differ in all that can be asked for; the latest id is the latest created. */
beforeAll(async () => {
  await client.query(
    `insert into firelock.servers (name, version, queues, job_names) values ('web-1', '1', '{}', '[]'), ('web-2', '1', '{}', '[]')`,
  );
  await client.query(
    `insert into firelock.jobs (
       name, queue, state, priority, attempt_limit, server_id, args, created_at, run_at, started_at, finished_at,
       last_error, tags, recurring_job_id, occurrence
     )
     select
       (array['send-mail', 'send_mail', 'Report'])[1 + n % 3], (array['default', 'emails'])[1 + n % 2], state.name,
       n % 4, 3, 1 + n % 2,
       jsonb_build_object('n', n % 10, 'text', (n % 10)::text, 'list', jsonb_build_array(n % 5, null), 'odd key', n % 2 = 0),
       at, at + interval '1 h', at + interval '1 h',
       case when state.name in ('succeeded', 'dead', 'deleted') then at + interval '2 h' end,
       (array['Error: 100% of order ' || n, 'TypeError: Connection REFUSED', null])[1 + n / 8 % 3],
       case n % 6 when 0 then array['vip'] when 1 then array['vip', 'bulk'] end,
       case n % 7 when 0 then 'daily' when 1 then 'weekly' end,
       case when n % 14 in (0, 1) then at end
     from generate_series(1, $1::integer) as n,
       lateral (select timestamptz '2026-11-01T00:00Z' + n * interval '1 min' as at) as created,
       lateral (select ($2::text[])[1 + n % 8] as name) as state`,
    [COUNT, states],
  );
  await client.query(
    'insert into firelock.job_tags select unnest(tags), id from firelock.jobs where tags is not null',
  );
  rows = (
    await client.query<{ row: JobRow }>('select to_jsonb(jobs) as row from firelock.jobs order by id')
  ).rows.map(({ row }) => row);
});

async function all(query: Omit<JobListQuery, 'limit'>): Promise<readonly string[]> {
  const ids: string[] = [];
  let place: string | undefined;
  do {
    const page = await listJobs(database, { ...query, limit: 30, place });
    expect(page.jobs.length).toBeLessThanOrEqual(30);
    expect(page.looked.isComplete).toBe(page.next === undefined);
    ids.push(...page.jobs.map(({ id }) => id));
    place = page.next;
  } while (place !== undefined);
  return ids;
}

/** The exact count; a machine that is busy with other things may not come to it in its time at once. */
async function counted(query: JobQuery): Promise<number> {
  const exact = await eventually('all are counted in time', async () => {
    const { count, isExact } = await countMatching(database, query);
    return isExact && { count };
  });
  return exact.count;
}

const sorted = (ids: readonly string[]) => ids.toSorted((left, right) => Number(left) - Number(right));
const args = (row: JobRow) => row['args'] as Readonly<Record<string, unknown>>;
// Only columns of text and of instants, which are text in JSON, are asked for.
const text = (row: JobRow, column: string) => (row[column] as string | null) ?? '';
const time = (row: JobRow, column: string) => Date.parse(text(row, column));

const searches: readonly (readonly [string, (row: JobRow) => boolean])[] = [
  ['', () => true],
  ['id:7 8 id:99999', ({ id }) => id === 7 || id === 8],
  ['-id:7', ({ id }) => id !== 7],
  ['name:send-mail', (row) => row['name'] === 'send-mail'],
  ['name:send_*', (row) => row['name'] === 'send_mail'],
  ['name:s*-*l name:Report', (row) => row['name'] !== 'send_mail'],
  ['-name:send*', (row) => row['name'] === 'Report'],
  ['queue:emails', ({ queue }) => queue === 'emails'],
  ['queue:e* queue:default', () => true],
  ['tag:vip', (row) => row.id % 6 < 2],
  ['tag:bulk tag:none', (row) => row.id % 6 === 1],
  ['tag:b*', (row) => row.id % 6 === 1],
  ['-tag:bulk', (row) => row.id % 6 !== 1],
  ['tag:vip -tag:bulk', (row) => row.id % 6 === 0],
  ['recurring:daily', (row) => row.id % 7 === 0],
  ['recurring:*ly name:Report', (row) => row.id % 7 < 2 && row['name'] === 'Report'],
  ['recurring:daily tag:vip', (row) => row.id % 7 === 0 && row.id % 6 < 2],
  ['server:web-1', (row) => row.server_id === 1],
  ['server:2', (row) => row.server_id === 2],
  ['server:web-*', () => true],
  ['server:gone', () => false],
  ['error:"connection refused"', (row) => text(row, 'last_error').startsWith('TypeError')],
  ['error:type*refused', (row) => text(row, 'last_error').startsWith('TypeError')],
  ['error:100%', (row) => text(row, 'last_error').startsWith('Error')],
  ['-error:refused', (row) => !text(row, 'last_error').startsWith('TypeError')],
  ['priority:high priority:low', (row) => row['priority'] === 1 || row['priority'] === 3],
  ['state:dead state:failed', ({ state }) => state === 'dead' || state === 'failed'],
  ['-state:dead', ({ state }) => state !== 'dead'],
  ['report', (row) => row['name'] === 'Report'],
  ['mail "order 1"', (row) => row['name'] !== 'Report' && text(row, 'last_error').includes('order 1')],
  ['-refused', (row) => !text(row, 'last_error').includes('REFUSED')],
  ['args.n:4', (row) => args(row)['n'] === 4],
  ['args.text:4', (row) => args(row)['text'] === '4'],
  ['args.n:"4"', () => false],
  ['args.list[0]:3 args.list[0]:4', (row) => [3, 4].includes(Number((args(row)['list'] as unknown[])[0]))],
  ['args.list[1]:null', () => true],
  ['args."odd key":true', (row) => args(row)['odd key'] === true],
  ['-args.n:4 -args.missing:1', (row) => args(row)['n'] !== 4],
  [
    'args.n:4 name:Report -tag:vip',
    (row) => args(row)['n'] === 4 && row['name'] === 'Report' && row.id % 6 > 1,
  ],
];

describe.each([undefined, 'succeeded', 'failed', 'enqueued', 'awaiting', 'processing'] as const)(
  'of %s jobs',
  (state) => {
    const inState = () => rows.filter((row) => state === undefined || row.state === state);

    test.each(searches)('%s finds what it says, in both directions', async (text, fits) => {
      const search = searchOf(text);
      const expected = inState()
        .filter(fits)
        .map(({ id }) => String(id));
      const found = await all({ state, search });
      expect(sorted(found)).toEqual(expected);
      expect(await all({ state, search, order: 'reversed' })).toEqual(found.toReversed());
      expect(await countMatching(database, { state, search })).toEqual({
        count: expected.length,
        isExact: true,
      });
    });

    const columns: Partial<Readonly<Record<State, string>>> = {
      succeeded: 'finished_at',
      failed: 'run_at',
      processing: 'started_at',
    };
    const column = columns[state ?? 'enqueued'] ?? 'created_at';

    test(`after: is from then on and before: up to then, by ${column}`, async () => {
      const [from, to] = ['2026-11-01T03:02:00Z', '2026-11-01T12:00:00Z'];
      const expected = inState()
        .filter((row) => time(row, column) >= Date.parse(from) && time(row, column) < Date.parse(to))
        .map(({ id }) => String(id));
      expect(expected.length).toBeGreaterThan(40);
      const search = searchOf(`after:${from} before:${to}`);
      expect(sorted(await all({ state, search }))).toEqual(expected);
      const [first, last] = [rows.at(0), rows.at(-1)].map((row) =>
        new Date(time(row as JobRow, 'created_at')).toISOString(),
      );
      expect(await all({ state, search: searchOf(`before:${first}`) })).toEqual([]);
      const tooLate = `${Number(last?.slice(0, 4)) + 1}${last?.slice(4)}`;
      expect(await all({ state, search: searchOf(`after:${tooLate}`) })).toEqual([]);
    });
  },
);

test('state:dead among jobs of any state is the list of the dead, and in that of another state it is nothing', async () => {
  const search = searchOf('state:dead args.n:6');
  const dead = await all({ state: 'dead', search: searchOf('args.n:6') });
  expect(dead.length).toBeGreaterThan(10);
  expect(await all({ search })).toEqual(dead);
  expect(await all({ state: 'failed', search })).toEqual([]);
  expect(await countMatching(database, { state: 'failed', search })).toEqual({ count: 0, isExact: true });
});

test('what is hidden of the args is found by nothing, neither by a value nor by its absence', async () => {
  const secret = (row: JobRow) => args(row)['n'];
  const visible = (args: unknown) => ({ ...(args as object), n: '[hidden]' });
  for (const text of [
    'args.n:4',
    'args.n:4 args.n:[hidden]',
    '-args.n:4',
    'args.n:4 args.list[0]:4',
    '-args.n:4 args.list[0]:4',
  ]) {
    const search = searchOf(text);
    const matchesArgs = ({ args }: { readonly args: unknown }) => argsMatch(search, visible(args));
    const found = await all({ search, matchesArgs });
    const secrets = new Set(rows.filter(({ id }) => found.includes(String(id))).map(secret));
    const others = new Set(rows.filter((row) => argsMatch(search, visible(args(row)))).map(secret));
    expect(secrets, text).toEqual(others);
    expect(await counted({ search, matchesArgs }), text).toBe(found.length);
  }
});
