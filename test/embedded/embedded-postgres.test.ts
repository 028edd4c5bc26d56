import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { EmbeddedPostgresError } from '../../src/errors.js';
import { query, setting, socketFolder } from './query.js';
import { isAlive, isRoot, nobody, scratchFolder, start } from './scratch.js';

afterEach(() => vi.unstubAllEnvs());

test('starts an empty UTF-8 database in a folder that it makes', async () => {
  const dataDir = join(await scratchFolder(), 'not', 'there');
  const { connectionString, adopted } = await start({ dataDir });
  expect(adopted).toBe(false);
  const [row] = await query(
    connectionString,
    `select current_database(), current_user, datcollate, datlocprovider, datlocale,
            pg_encoding_to_char(encoding) as encoding, version() like 'PostgreSQL 18%' as current
     from pg_database where datname = current_database()`,
  );
  expect(row).toEqual({
    current_database: 'firelock',
    current_user: 'firelock',
    datcollate: 'C',
    datlocprovider: 'b',
    datlocale: 'C.UTF-8',
    encoding: 'UTF8',
    current: true,
  });
});

test('keeps its data over a stop and a start, and creates a database of any name', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const first = await start({ dataDir, database: `it's a "name"/%@` });
  await query(first.connectionString, 'create table kept as select 42 as answer');
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start({ dataDir, database: `it's a "name"/%@` });
  expect(second.adopted).toBe(false);
  expect(await query(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('listens on a socket that only its own user, never root, can reach, and removes it when stopped twice', async () => {
  const postgres = await start({ dataDir: join(await scratchFolder(), 'data') });
  const folder = socketFolder(postgres.connectionString);
  const { mode, uid } = await stat(folder);
  expect(mode & 0o777).toBe(0o700);
  expect(uid).toBe(isRoot ? nobody.uid : process.getuid?.());
  expect((await stat(`/proc/${postgres.pid}`)).uid).toBe(uid);
  expect(await setting(postgres.connectionString, 'listen_addresses')).toBe('');
  await Promise.all([postgres.stop(), postgres.stop()]);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

test('is durable unless told otherwise, and takes settings', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const durable = await startEmbeddedPostgres({ dataDir });
  onTestFinished(() => durable.stop());
  expect(await setting(durable.connectionString, 'fsync')).toBe('on');
  expect(await setting(durable.connectionString, 'synchronous_commit')).toBe('on');
  await durable.stop();
  const fast = await start({ dataDir, durable: false, settings: { max_connections: '33' } });
  expect(await setting(fast.connectionString, 'fsync')).toBe('off');
  expect(await setting(fast.connectionString, 'max_connections')).toBe('33');
});

test('shows the end of the log when Postgres does not start, and leaves nothing behind', async () => {
  const folder = await scratchFolder();
  vi.stubEnv('TMPDIR', folder);
  const dataDir = join(folder, 'data');
  const failure = await startEmbeddedPostgres({ dataDir, settings: { shared_buffers: 'plenty' } }).catch(
    (error) => error,
  );
  expect(failure).toBeInstanceOf(EmbeddedPostgresError);
  expect(failure.message).toContain('invalid value for parameter "shared_buffers": "plenty"');
  expect(failure.message).toContain(join(dataDir, 'postgres.log'));
  expect(await readdir(folder)).toEqual(['data']);
});

test('refuses a folder that holds other files', async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'thesis.tex'), '');
  await expect(startEmbeddedPostgres({ dataDir: folder })).rejects.toThrow(
    /holds other files \(thesis\.tex\)/,
  );
});

test('says what it could not do when the folder cannot be made', async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'file'), '');
  const failure = await startEmbeddedPostgres({ dataDir: join(folder, 'file', 'data') }).catch(
    (error) => error,
  );
  expect(failure).toBeInstanceOf(EmbeddedPostgresError);
  expect(failure.message).toMatch(/EEXIST.*DATABASE_URL/);
});

test('runs in a folder with a path of 150 characters and more, and an empty HOME', async () => {
  vi.stubEnv('HOME', '');
  const dataDir = join(await scratchFolder(), 'd'.repeat(75), 'it\'s, a "path"'.padEnd(75, 'é'));
  const { connectionString } = await start({ dataDir });
  expect(await query(connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('respects TMPDIR, also one with a comma and a quote, unless it is too long for a socket', async () => {
  const folder = await scratchFolder();
  for (const [name, expected] of [
    ['tmp', `${folder}/tmp`],
    ['a, "b"', `${folder}/a, "b"`],
    ['t'.repeat(90), '/tmp'],
  ] as const) {
    await mkdir(join(folder, name));
    vi.stubEnv('TMPDIR', join(folder, name));
    const postgres = await start({ dataDir: join(folder, 'data') });
    expect(dirname(socketFolder(postgres.connectionString))).toBe(expected);
    expect(await query(postgres.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  }
});
