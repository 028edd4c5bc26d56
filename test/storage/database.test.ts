import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/storage/connections.js';
import { Database } from '../../src/storage/database.js';
import type { Statement } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase } from '../database.js';

const url = await fileDatabase();
const client = await fileConnection(url);

/** The storage layer over a single connection. */
function overOneConnection(): Database {
  const pool = new Database(
    connect({ connectionString: url }, () => undefined),
    'firelock',
  );
  const database = pool.forServers(1, { onReachable: () => undefined, onUnreachable: () => undefined });
  onTestFinished(async () => {
    await database.close();
    await pool.close();
  });
  return database;
}

test('where a pooler loses prepared statements, the statement is repeated and no more are prepared', async () => {
  const database = overOneConnection();
  const statement: Statement = { name: 'probe', text: 'select 1 as one' };
  const prepared = async () =>
    (await sql<{ name: string }>`select name from pg_prepared_statements`.execute(database.kysely)).rows
      .length;
  expect(await database.run(statement)).toEqual([{ one: 1 }]);
  expect(await prepared()).toBe(1);
  await sql`deallocate all`.execute(database.kysely);
  expect(await database.run(statement)).toEqual([{ one: 1 }]);
  expect(await database.run(statement)).toEqual([{ one: 1 }]);
  expect(await prepared()).toBe(0);
});

test.each(['40001', '40P01'])(
  'a statement that Postgres rolled back because of others (%s) is repeated',
  async (code) => {
    const database = overOneConnection();
    await client.query('drop sequence if exists tries');
    await client.query('create sequence tries');
    await client.query(`
    create or replace function twice_in_vain() returns bigint language plpgsql as $$
    declare
      try bigint = nextval('tries');
    begin
      if try < 3 then
        raise exception 'because of others' using errcode = '${code}';
      end if;
      return try;
    end $$`);
    expect(
      await database.run({ name: `vain-${code}`, text: 'select twice_in_vain()::integer as tries' }),
    ).toEqual([{ tries: 3 }]);
  },
);

test('a statement that fails by its own fault is not repeated', async () => {
  const database = overOneConnection();
  await expect(database.run({ name: 'wrong', text: 'select 1 / 0' })).rejects.toMatchObject({
    code: '22012',
  });
});
