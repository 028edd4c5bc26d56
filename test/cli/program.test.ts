import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { fileDatabase } from '../database.js';
import { inDatabase } from '../global-setup.js';
import { firelock } from './command.js';

const connectionString = await fileDatabase();

test('--version prints that of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly version: string };
  expect(await firelock(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help names every command and shows examples', async () => {
  const { code, stdout } = await firelock(['--help']);
  for (const name of ['dev', 'migrate', 'server', 'dashboard', 'doctor']) {
    expect(stdout).toContain(`\n  ${name} `);
  }
  expect(stdout).toContain('$ npx firelock server dist/jobs.js');
  expect(code).toBe(0);
});

test("a command's --help shows its examples and the options that all commands take", async () => {
  const { stdout } = await firelock(['server', '--help']);
  expect(stdout).toContain('$ npx firelock server dist/jobs.js --queue emails=5');
  expect(stdout).toMatch(/--grace <duration>[\s\S]*--database-url <url>/);
});

test('a command that does not exist is answered with the nearest one, and a password in it is not shown', async () => {
  expect((await firelock(['migrat'])).stderr).toContain('(Did you mean migrate?)');
  const { code, stderr } = await firelock(['postgres://app:secret@host/shop']);
  expect(stderr).toContain('postgres://app:***@host/shop');
  expect(stderr).not.toContain('secret');
  expect(code).toBe(1);
});

describe.concurrent('a Postgres that cannot be used is told in one line, without its password', () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  afterAll(() => silent.close());

  // First, because it takes 10 s and the others run meanwhile.
  test.concurrent('when it accepts connections and says nothing', async () => {
    if (!silent.listening) await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : '';
    const { code, stderr } = await firelock([
      'migrate',
      '--database-url',
      `postgres://app@127.0.0.1:${port}/x`,
    ]);
    expect(stderr).toMatch(/^Postgres did not answer within 10 s\. Check DATABASE_URL and the network\.\n$/);
    expect(code).toBe(1);
  });

  test.concurrent.each([
    ['none was given', [], /^No database was given. Set DATABASE_URL or pass --database-url/],
    [
      'the URL is of something else',
      ['--database-url', 'mysql://app:secret@host/x'],
      /^The database URL is not one of Postgres/,
    ],
    [
      'the URL cannot be read',
      ['--database-url', 'postgres://app:sec/ret@host:x/y'],
      /^The database URL cannot be read/,
    ],
    [
      'nothing listens',
      ['--database-url', 'postgres://app:secret@localhost:1/x'],
      /^Postgres does not answer at (127.0.0.1|::1):1 \(ECONNREFUSED\)/,
    ],
    [
      'there is no socket',
      ['--database-url', 'postgres://app:secret@localhost/x?host=%2Fnowhere'],
      /^Postgres does not answer at \/nowhere\/.s.PGSQL.5432 \(ENOENT\)/,
    ],
    [
      'there is no such host',
      ['--database-url', 'postgres://app:secret@nowhere.invalid/x'],
      /^No host is named nowhere.invalid \(E/,
    ],
    [
      'there is no such database',
      ['--database-url', inDatabase(connectionString, 'firelock_nowhere')],
      /^Postgres says: database "firelock_nowhere" does not exist \(3D000\)\. Create the database/,
    ],
    [
      'the role is refused',
      ['--database-url', asRole('nobody_of_ours')],
      /^Postgres says: .*nobody_of_ours.* \(28...\)\. Correct the user/,
    ],
  ])('when %s', async (_what, flags, expected) => {
    const { code, stdout, stderr } = await firelock(['migrate', ...flags]);
    expect(stderr).toMatch(expected);
    expect(stderr.trim()).not.toContain('\n');
    expect(stderr).not.toMatch(/secret|sec\/ret/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

function asRole(role: string): string {
  const url = new URL(connectionString);
  url.username = role;
  url.password = 'secret';
  return url.href;
}
