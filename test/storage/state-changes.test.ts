import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type State, stateRules, states } from '../../src/job/state.js';
import { registerServer } from '../../src/storage/servers.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { type JobRow, jobRow, putJob, recordedPath, rowVersion } from '../job-rows.js';
import { otherWriters, type StateChange, stateChanges, type Target } from './state-changes.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

/** A job in the state, alone in the table, with all else as the statement would like it. */
async function targetIn(
  state: State,
  { recoveries = 0, runsApart = false }: StateChange,
): Promise<{ readonly target: Target; readonly before: JobRow }> {
  await client.query('delete from firelock.jobs');
  const serverId = await registerServer(database, { name: 'server', queues: {}, jobNames: [] });
  const id = await putJob(client, { state, serverId, recoveries, runsApart });
  const before = await jobRow(client, id);
  if (before === undefined) throw new TypeError('a job that was put is there');
  return { target: { executor: database, client, id, serverId }, before };
}

for (const change of stateChanges) {
  const { name, from: applicable, to } = change;

  test(`${name} moves a job from ${applicable.join(', ')} to ${to}, and changes nothing else (I2)`, async () => {
    for (const from of applicable) {
      const { target, before } = await targetIn(from, change);
      expect(await change.apply(target), `it says that it moved the ${from} job`).toBe(true);
      const expected = to === 'removed' ? undefined : { ...before, state: to, ...change.changes(before) };
      expect(await jobRow(client, target.id)).toEqual(expected);
      expect(await recordedPath(client, target.id)).toEqual(recordedBy(change, from));
    }
  });

  test(`${name} leaves a job in any other state alone, and says so (I2)`, async () => {
    for (const from of states.filter((state) => !applicable.includes(state))) {
      const { target } = await targetIn(from, change);
      const before = await rowVersion(client, target.id);
      expect(await change.apply(target), `it says that it moved the ${from} job`).toBe(false);
      expect(await rowVersion(client, target.id)).toEqual(before);
      expect(await recordedPath(client, target.id)).toEqual([]);
    }
  });
}

test('together they make every transition of the table, and no other (I2)', () => {
  const made = stateChanges.flatMap(({ from, to }) => from.map((state) => `${state} → ${to}`));
  const allowed = states.flatMap((state) => stateRules[state].next.map((next) => `${state} → ${next}`));
  // Nothing waits for parents yet.
  const reserved = ['awaiting → enqueued', 'awaiting → scheduled'];
  const removals = ['succeeded → removed', 'dead → removed', 'deleted → removed'];
  expect([...new Set([...made, ...reserved])].toSorted()).toEqual([...allowed, ...removals].toSorted());
});

test('every statement that changes or removes jobs is one of these', async () => {
  const writers: string[] = [];
  for (const file of await readdir('src/storage')) {
    const source = await readFile(`src/storage/${file}`, 'utf8');
    const sql = /(update|delete from|merge into) firelock\.jobs\b/;
    const kysely = /(updateTable|deleteFrom|mergeInto)\('jobs'\)/;
    if (sql.test(source) || kysely.test(source)) writers.push(file);
  }
  const known = new Set([...stateChanges.map(({ file }) => file), ...otherWriters]);
  expect(writers.toSorted()).toEqual([...known].toSorted());
});

/** An act records the state that it found; a success that is run again is recorded before it vanishes from the columns. */
function recordedBy({ recorded }: StateChange, from: State): readonly string[] {
  const steps = recorded.map((step) => (step.startsWith('→') ? `${from} ${step}` : step));
  return from === 'succeeded' && steps.length > 0 ? ['processing → succeeded, attempt 1', ...steps] : steps;
}
