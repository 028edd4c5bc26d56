import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { fileDatabase } from '../database.js';
import { firelock, start } from './command.js';
import { scratchFolder } from './scratch-folder.js';

const connectionString = await fileDatabase();

test('starts a Postgres in .firelock/postgres, migrates it, serves the dashboard, and signals stop all of it', async () => {
  const cwd = await scratchFolder();
  const command = start(['dev', '--port', '0'], { cwd });
  const [, dashboard = ''] = await command.printed(/^Dashboard +(http:\S+)$/m);
  const [, databaseUrl = ''] = await command.printed(/^ +DATABASE_URL='(postgres:.*)'$/m);
  const [, applied] = await command.printed(/^Schema +(.*)$/m);
  expect(applied).toMatch(/^Schema 'firelock' was migrated: 0001_jobs/);
  expect((await fetch(dashboard)).status).toBe(200);
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  expect((await client.query('select from firelock.jobs')).rowCount).toBe(0);
  command.signal('SIGINT');
  command.signal('SIGTERM');
  expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
  await expect(new pg.Client({ connectionString: databaseUrl }).connect()).rejects.toThrow('ENOENT');
});

test('with DATABASE_URL it starts no Postgres, and hides the password', async () => {
  const cwd = await scratchFolder();
  const command = start(['dev', '--port', '0'], { cwd, env: { DATABASE_URL: connectionString } });
  await command.printed(/^Postgres +postgres:\/\/(?!.*:firelock@)/m);
  await command.printed(/^Schema +Schema 'firelock' is up to date\.$/m);
  await command.printed(/^Dashboard +http/m);
  expect(existsSync(join(cwd, '.firelock'))).toBe(false);
  command.signal('SIGTERM');
  expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
});

test('says in one line that a folder is in its way', async () => {
  const cwd = await scratchFolder({ '.firelock/postgres/notes.txt': 'mine' });
  const { code, stderr } = await firelock(['dev'], { cwd });
  expect(stderr).toMatch(/holds other files \(notes\.txt\): give the embedded Postgres an empty folder\.\n$/);
  expect(stderr.trim()).not.toContain('\n');
  expect(code).toBe(1);
});
