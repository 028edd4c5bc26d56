import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { environmentSchema } from '../../src/cli/environment.js';
import { firelock } from './command.js';
import { scratchFolder } from './scratch-folder.js';

const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
const variables = [...example.matchAll(/^# ?([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));

test('.env.example names exactly the variables that are read, each with a meaning', () => {
  expect(variables.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(environmentSchema.shape).toSorted(),
  );
  for (const paragraph of example.trim().split('\n\n')) expect(paragraph).toMatch(/^# [A-Z][a-z' ]/);
});

test('.env.example shows the defaults', () => {
  const shown = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  const defaults = Object.entries(environmentSchema.parse({})).map(([name, value]) => [name, String(value)]);
  expect(shown).toMatchObject(Object.fromEntries(defaults));
});

test('.env.example works as .env once its lines are opened', () => {
  const given = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  expect(environmentSchema.safeParse(given).error).toBeUndefined();
});

test('a variable FIRELOCK_… that does not exist is named, with the nearest one that does', async () => {
  const { code, stderr } = await firelock(['migrate'], { env: { FIRELOCK_SHEMA: 'reports' } });
  expect(stderr).toMatch(
    /^environment: FIRELOCK_SHEMA: unknown option; did you mean 'FIRELOCK_SCHEMA'\?.*\n$/,
  );
  expect(code).toBe(1);
});

test('all that is wrong with the environment is told at once, and empty variables count as unset', async () => {
  const env = {
    PORT: '70000',
    FIRELOCK_DASHBOARD_USER: 'ops',
    FIRELOCK_SCHEMA: '',
    FIRELOCK_DASHBOARD_PASSWORD: '',
  };
  const { stderr } = await firelock(['migrate'], { env });
  expect(stderr).toContain('PORT: expected a port from 0 to 65535');
  expect(stderr).toContain('FIRELOCK_DASHBOARD_USER and FIRELOCK_DASHBOARD_PASSWORD together');
  expect(stderr).not.toContain('FIRELOCK_SCHEMA');
});

test('.env of the current folder is read, and the environment wins over it', async () => {
  const cwd = await scratchFolder({ '.env': 'DATABASE_URL=mysql://host/x\nPORT=one' });
  const { stderr } = await firelock(['migrate'], { cwd, env: { PORT: '1' } });
  expect(stderr).toBe(
    'The database URL is not one of Postgres: expected one such as postgres://user@host:5432/database.\n',
  );
});
