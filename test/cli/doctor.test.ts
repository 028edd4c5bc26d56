import { expect, test } from 'vitest';
import { fileDatabase } from '../database.js';
import { firelock } from './command.js';

const connectionString = await fileDatabase();

test('prints a line for each thing that it looked at; all of them are ok on a migrated database', async () => {
  const { code, stdout, stderr } = await firelock(['doctor'], { env: { DATABASE_URL: connectionString } });
  const [findings = '', summary] = stdout.split('\n\n');
  expect(findings.split('\n').map((line) => line.split(/ +/, 2).join(' '))).toEqual([
    'ok connection',
    'ok version',
    'ok writable',
    'ok connections',
    'ok isolation',
    'ok durability',
    'ok migration',
    'ok rights',
    'ok schedules',
    'ok clock',
    'ok notifications',
  ]);
  expect({ code, stderr, summary }).toEqual({ code: 0, stderr: '', summary: 'Everything is ok.\n' });
});

test('a line that is not ok says what to do, and makes the exit code 1', async () => {
  const env = { DATABASE_URL: connectionString, FIRELOCK_SCHEMA: 'nowhere' };
  const { code, stdout } = await firelock(['doctor'], { env });
  expect(stdout).toMatch(
    /^fix +migration +Schema 'nowhere' is missing .*Run 'npx firelock migrate --schema nowhere'/m,
  );
  expect(stdout).toMatch(/\n\n1 to fix\.\n$/);
  expect(code).toBe(1);
});

test('a Postgres that does not answer is the only line, without the password', async () => {
  const env = { DATABASE_URL: 'postgres://app:secret@127.0.0.1:1/shop' };
  const { code, stdout, stderr } = await firelock(['doctor'], { env });
  expect(stdout).toMatch(/^fix +connection +Postgres does not answer at 127\.0\.0\.1:1 .*\n\n1 to fix\.\n$/);
  expect(stdout).not.toContain('secret');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
});

test('a clock that is wrong is told with its difference', async () => {
  const slow = 'const now = Date.now; Date.now = () => now() - 60_000;';
  const options = `--import=data:text/javascript,${encodeURIComponent(slow)}`;
  const env = { DATABASE_URL: connectionString, NODE_OPTIONS: options };
  const { code, stdout } = await firelock(['doctor'], { env });
  expect(stdout).toMatch(/^fix +clock +the clock of Postgres is (60|59)\d{3} ms ahead of this machine's/m);
  expect(stdout).toMatch(/\n\n1 to fix\.\n$/);
  expect(code).toBe(1);
});
