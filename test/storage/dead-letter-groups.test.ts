import { expect, test } from 'vitest';
import { groupDeadLetters } from '../../src/storage/dead-letter-groups.js';
import { countMatching } from '../../src/storage/count-matching.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { searchOf } from '../search/search-of.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

test('dead letters are grouped by name and error, whatever ids are in it, and each group has a search that lists it', async () => {
  await client.query(
    `insert into firelock.jobs (name, queue, state, priority, attempt_limit, args, finished_at, last_error)
     select given.name, 'default', given.state, 2, 3, '{}', timestamptz '2026-11-01' + n * interval '1 min', replace(given.error, '#', n::text)
     from generate_series(1, 20) as n, (values
       ('ship', 'dead', 'Error: order # of "user #" is missing'), ('ship', 'dead', 'Error: 100% "*"'),
       ('bill', 'dead', 'Error: order # of "user #" is missing'), ('bill', 'dead', null), ('ship', 'deleted', 'Error: order # is missing')
     ) as given(name, state, error)`,
  );
  await client.query(
    `delete from firelock.jobs where last_error like '%100%' and finished_at > '2026-11-01T00:05Z'`,
  );
  const { groups, looked } = await groupDeadLetters(database);
  expect(looked).toBe(65);
  expect(groups.map(({ name, error, count }) => ({ name, error, count }))).toEqual(
    expect.arrayContaining([
      { name: 'ship', error: 'Error: order * of * is missing', count: 20 },
      { name: 'bill', error: 'Error: order * of * is missing', count: 20 },
      { name: 'bill', error: undefined, count: 20 },
      { name: 'ship', error: 'Error: *% *', count: 5 },
    ]),
  );
  expect(groups.at(-1)).toMatchObject({
    first: new Date('2026-11-01T00:01:00Z'),
    last: new Date('2026-11-01T00:05:00Z'),
  });
  for (const { search, count, name, error } of groups) {
    const listed = error === undefined ? 40 : count;
    const matching = await countMatching(database, { state: 'dead', search: searchOf(search) });
    expect(matching, search).toEqual({ count: listed, isExact: true });
    expect(search).toContain(`name:${name}`);
  }
});
