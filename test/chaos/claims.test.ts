import { expect, test } from 'vitest';
import { fileConnection, fileDatabase } from '../database.js';
import { claims, examine } from './checks/claims.js';
import { TABLES } from './tables.js';

const client = await fileConnection(await fileDatabase());
await client.query(TABLES);

/** Jobs that ended as they should. */
await client.query(`
  insert into firelock.jobs (name, queue, state, priority, attempt, attempt_limit, recoveries, finished_at, args, result)
    overriding system value
  values
    ('plain', 'default', 'succeeded', 0, 1, 9, 0, now(), '{"order": "a"}', '{"attempt": 1}'),
    ('parent', 'default', 'succeeded', 0, 1, 9, 0, now(), '{"order": "b"}', '{"attempt": 1}'),
    ('child', 'default', 'succeeded', 0, 1, 9, 0, now(), '{"parent": "2"}', '{"attempt": 1}'),
    ('transactional', 'default', 'succeeded', 0, 2, 9, 1, now(), '{"order": "c"}', '{"attempt": 2}'),
    ('doomed', 'default', 'deleted', 0, 1, 9, 0, now(), '{"order": "d"}', null),
    ('poison', 'default', 'dead', 0, 3, 9, 3, now(), '{"order": "e"}', null),
    ('hopeless', 'default', 'dead', 0, 2, 2, 0, now(), '{"order": "f"}', null);
  insert into chaos.orders values
    ('a', 'plain'), ('b', 'parent'), ('c', 'transactional'), ('d', 'doomed'), ('e', 'poison'), ('f', 'hopeless');
  insert into chaos.attempts values
    (1, 1, 's'), (2, 1, 's'), (3, 1, 's'), (4, 1, 's'), (4, 2, 't'), (5, 1, 's'), (6, 1, 's'), (7, 1, 's'), (7, 2, 's');
  insert into chaos.effects values (1, 1, 's'), (2, 1, 's'), (3, 1, 's'), (4, 2, 's');
  insert into chaos.deletions values (5);
`);

test('jobs that ended as they should break no claim', async () => {
  for (const claim of claims)
    expect(await examine(client, claim)).toEqual({ claim: claim.claim, broken: [] });
});

/** What would break each claim, and how many times. */
const violations: readonly (readonly [claim: string, statement: string, count: number])[] = [
  ['I1: an attempt', `insert into chaos.attempts values (1, 1, 'another')`, 1],
  ['I3: a job exists', `delete from chaos.orders where id in ('a', 'b')`, 2],
  ['I3: a job exists', `insert into chaos.orders values ('lost', 'plain')`, 1],
  ['I3: a job exists', `update firelock.jobs set args = '{"order": "a"}' where id = 4`, 2],
  ['I3: a child exists', `insert into chaos.effects values (2, 2, 's')`, 1],
  ['I3: a child exists', `delete from chaos.effects where job_id = 2`, 1],
  ['I4: every job', `update firelock.jobs set state = 'enqueued', finished_at = null where id in (1, 6)`, 2],
  ['I4: no job has ended', `update firelock.jobs set state = 'dead' where id = 1`, 1],
  ['I4: no job has ended', `update firelock.jobs set state = 'succeeded' where id in (6, 7)`, 2],
  ['I4: no job has ended', `update firelock.jobs set state = 'deleted' where id = 1`, 1],
  ['I4: no job has ended', `update firelock.jobs set state = 'succeeded' where id = 5`, 1],
  ['I4: a job that succeeded', `update chaos.effects set attempt = 1 where job_id = 4`, 1],
  ['I5: the result', `update firelock.jobs set result = '{"attempt": 1}' where id = 4`, 1],
  ['I6: a transactional job', `insert into chaos.effects values (4, 1, 's')`, 1],
  ['I6: a transactional job', `delete from chaos.effects where job_id = 4`, 1],
  ['I6: a transactional job', `update firelock.jobs set state = 'dead' where id = 4`, 1],
  [
    'I7: an occurrence',
    `drop index firelock.jobs_occurrence;
     update firelock.jobs set recurring_job_id = 'r', occurrence = '2026-01-01' where id in (1, 2)`,
    1,
  ],
  ['no job starts', `update chaos.orders set due_at = now() + interval '1 hour' where id = 'a'`, 1],
  ['a poison job', `update firelock.jobs set recoveries = 2 where id = 6`, 1],
];

test.each(violations)('the claim "%s …" is broken by: %s', async (start, statement, count) => {
  const claim = claims.find((each) => each.claim.startsWith(start));
  if (claim === undefined) throw new Error(`no claim starts with ${start}`);
  await client.query('begin');
  try {
    await client.query(statement);
    expect((await examine(client, claim)).broken).toHaveLength(count);
  } finally {
    await client.query('rollback');
  }
});

test('each claim can be broken', () => {
  for (const { claim } of claims)
    expect(
      violations.some(([start]) => claim.startsWith(start)),
      claim,
    ).toBe(true);
});
