import { expect, test } from 'vitest';
import { emptyHistogram } from '../../src/job/histogram.js';
import { addStatistics, type Counted } from '../../src/storage/statistics.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { Contender, race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);

function counted(name: string): Counted {
  const none = emptyHistogram();
  return { queue: 'default', name, succeeded: 1, failed: 0, dead: 0, waits: none, runs: none };
}

const add =
  (...names: readonly string[]) =>
  (executor: Executor) =>
    addStatistics(executor, names.map(counted));

async function sums(): Promise<unknown> {
  const { rows } = await client.query(
    `select name, sum(succeeded)::integer as succeeded from firelock.statistics where span = 'day' group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, succeeded }) => [name, succeeded]));
}

test('two servers that add to the same rows at once lose nothing, new rows and old ones', async () => {
  for (const times of [1, 2]) {
    const { waited } = await race(url, [add('a', 'b'), add('b', 'a')]);
    expect(waited).toBe(true);
    expect(await sums()).toEqual({ a: 2 * times, b: 2 * times });
  }
});

// One that waits for the first row of the key's order must hold no later one, whatever the order in which it counted.
test('statistics lock their rows in the order of the key, so that no two servers deadlock', async () => {
  const [holder, waiting] = await Promise.all([Contender.connect(url), Contender.connect(url)]);
  await add('a', 'b', 'c')(holder);
  await holder.begin();
  await holder.run({
    name: 'hold',
    text: `select from firelock.statistics where span = 'day' and name = 'a' for update`,
  });
  const added = add('c', 'b', 'a')(waiting);
  await eventually('it waits', () => waiting.waitsFor(holder, client));
  const { rows } = await client.query(
    `select span, name from firelock.statistics where (span, name) > ('day', 'a') for update skip locked`,
  );
  expect(rows).toHaveLength(8);
  await holder.end('commit');
  await added;
});
