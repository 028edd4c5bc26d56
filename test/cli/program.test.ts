import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { firelock } from './command.js';

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

test('a command that does not exist is answered with the nearest one', async () => {
  expect(await firelock(['migrat'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(Did you mean migrate?)'),
  });
});

test('a password in a wrong command is not shown', async () => {
  const { code, stderr } = await firelock(['postgres://app:secret@host/shop']);
  expect(stderr).toContain('postgres://app:***@host/shop');
  expect(stderr).not.toContain('secret');
  expect(code).toBe(1);
});

test.each([
  ['none was given', [], /^No database was given\. Set DATABASE_URL or pass --database-url/],
  [
    'it is another',
    ['--database-url', 'mysql://app:secret@host/x'],
    /^The database URL is not one of Postgres/,
  ],
  [
    'it is not there',
    ['--database-url', 'postgres://app:secret@localhost:1/x'],
    /^Postgres does not answer at \S+:1 /,
  ],
])('one line says what to do about the database if %s', async (_what, flags, message) => {
  const { code, stdout, stderr } = await firelock(['migrate', ...flags]);
  expect(stderr).toMatch(message);
  expect(stderr.trim()).not.toContain('\n');
  expect(stderr).not.toContain('secret');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});
