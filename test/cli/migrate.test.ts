import { expect, test } from 'vitest';
import { fileConnection, fileDatabase } from '../database.js';
import { firelock } from './command.js';
import { guest } from './guest.js';

const connectionString = await fileDatabase();
const connection = await fileConnection(connectionString);
const env = { DATABASE_URL: connectionString };

test('says which migrations it applied, and the next time that nothing is left', async () => {
  expect(await firelock(['migrate', '--schema', 'fresh'], { env })).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Schema 'fresh' was migrated: 0001_jobs(, \d{4}_\w+)*\.\n$/),
    stderr: '',
  });
  expect(await firelock(['migrate'], { env: { ...env, FIRELOCK_SCHEMA: 'fresh' } })).toEqual({
    code: 0,
    stdout: "Schema 'fresh' is up to date.\n",
    stderr: '',
  });
});

test('may be run by several processes at once', async () => {
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => firelock(['migrate', '--schema', 'crowded'], { env })),
  );
  for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(outcomes.filter(({ stdout }) => stdout.includes('was migrated'))).toHaveLength(1);
});

test('leaves a schema alone that a newer release has migrated', async () => {
  await connection.query(`insert into firelock.migrations values ('9999_of_the_future', now()::text)`);
  const { code, stdout, stderr } = await firelock(['migrate'], { env });
  expect(stderr).toMatch(
    /^Schema 'firelock' was migrated by a newer release .*'9999_of_the_future'.*Upgrade.*\n$/,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('refuses a name that cannot be a schema', async () => {
  const { code, stderr } = await firelock(['migrate', '--schema', 'Drop-Me'], { env });
  expect(stderr).toMatch(/^createFirelock: schema: expected up to 48 of a-z, 0-9 and _.*\n$/);
  expect(code).toBe(1);
});

test('says what a role without the rights may ask doctor', async () => {
  const env = { DATABASE_URL: await guest(connectionString) };
  const { code, stderr } = await firelock(['migrate', '--schema', 'closed'], { env });
  expect(stderr).toMatch(
    /^Postgres says: permission denied for database .* \(42501\)\. Run 'npx firelock doctor' .*\n$/,
  );
  expect(code).toBe(1);
});
