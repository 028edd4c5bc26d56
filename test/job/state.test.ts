import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isFinal, isState, type State, stateRules, states } from '../../src/job/state.js';
import * as transitions from '../../src/job/transition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { putJob } from '../job-rows.js';

const client = await fileConnection(await fileDatabase());

test('every state but awaiting can be reached, and only final ones need an act of a person to go on', () => {
  const reachable = new Set(states.flatMap((state) => stateRules[state].next));
  expect(states.filter((state) => !reachable.has(state))).toEqual(['awaiting']);
  expect(states.filter(isFinal)).toEqual(['succeeded', 'dead', 'deleted']);
  expect(isState('enqueued')).toBe(true);
  expect(isState('toString')).toBe(false);
});

test('I2: each act goes only where the table of states allows', () => {
  for (const act of [transitions.retry, transitions.requeue, transitions.remove, transitions.reschedule]) {
    for (const from of act.from) expect(stateRules[from].next, `${act.kind} from ${from}`).toContain(act.to);
  }
});

test('I2: each outcome of an attempt is one that may follow processing', () => {
  const error = { name: 'Error', message: 'no' };
  const outcomes = [
    transitions.succeeded({ result: undefined }),
    transitions.failed({ error, delayMs: 1 }),
    transitions.dead({ error }),
    transitions.released(),
    transitions.snoozed({ delayMs: 1 }),
  ];
  for (const { state } of outcomes) expect(stateRules.processing.next).toContain(state);
});

test('the database allows exactly the states of the table', async () => {
  const { rows } = await client.query<{ definition: string }>(
    "select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'jobs_state'",
  );
  const allowed = [...(rows[0]?.definition ?? '').matchAll(/'(\w+)'/g)].map((match) => String(match[1]));
  expect(allowed.toSorted()).toEqual([...states].toSorted());
});

/** A job that is as its state asks, and what no job in that state can be. */
const impossible: readonly (readonly [State, string])[] = [
  ['enqueued', "state = 'broken'"],
  ['enqueued', 'state = null'],
  ['scheduled', 'run_at = null'],
  ['failed', 'run_at = null'],
  ['processing', 'server_id = null'],
  ['processing', 'started_at = null'],
  ...states.map((state) => [state, `finished_at = ${isFinal(state) ? 'null' : 'now()'}`] as const),
];

test.each(impossible)('the database refuses a job that is %s with %s (I2)', async (state, change) => {
  const id = await putJob(client, { state });
  // 23502: not null, 23514: check.
  await expect(client.query(`update firelock.jobs set ${change} where id = $1`, [id])).rejects.toMatchObject({
    code: expect.stringMatching(/^235(02|14)$/),
  });
});

test('docs/states.md names the files that move jobs', async () => {
  const page = await readFile('docs/states.md', 'utf8');
  const named = new Set([...page.matchAll(/`(storage\/[\w-]+\.ts)`/g)].map((match) => String(match[1])));
  for (const file of named) expect((await stat(`src/${file}`)).isFile(), file).toBe(true);
});

test('docs/states.md shows the table and a diagram of exactly its transitions', async () => {
  const page = await readFile('docs/states.md', 'utf8');
  for (const state of states) {
    const { meaning, final, next } = stateRules[state];
    expect(page).toContain(`| \`${state}\` | ${meaning} | ${final ? 'yes' : ''} | ${next.join(', ')} |`);
  }
  const drawn = [...page.matchAll(/^ {4}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} ${to}`);
  const ruled = states.flatMap((from) => stateRules[from].next.map((to: State) => `${from} ${to}`));
  expect(drawn.toSorted()).toEqual(ruled.toSorted());
});
