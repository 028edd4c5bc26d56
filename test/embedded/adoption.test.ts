import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.js';
import { query, socketFolder } from './query.js';
import { gone, isAlive, scratchFolder, start, stopOrphan } from './scratch.js';
import { runStarter } from './starter-process.js';

test('adopts the Postgres of a starter that was killed, and never stops it', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const starter = runStarter({ options: { dataDir } });
  const orphan = await starter.started();
  process.kill(starter.pid, 'SIGKILL');
  await starter.closed;
  stopOrphan(orphan);

  const adopter = await start({ dataDir, database: 'another' });
  expect(adopter).toMatchObject({ adopted: true, pid: orphan.pid });
  await adopter.stop();
  expect(isAlive(orphan.pid)).toBe(true);
  expect(await query(adopter.connectionString, 'select current_database()')).toEqual([
    { current_database: 'another' },
  ]);
});

test('lets its starter end, and outlives it', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const starter = runStarter({ options: { dataDir }, leave: true });
  const orphan = await starter.started();
  stopOrphan(orphan);
  await starter.closed;
  expect(await query(orphan.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('is started by exactly one of three processes that race for an empty folder', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  await mkdir(dataDir);
  const racers = [1, 2, 3].map(() => runStarter({ options: { dataDir } }));
  const reports = await Promise.all(racers.map((racer) => racer.started()));
  expect(reports.filter(({ adopted }) => !adopted)).toHaveLength(1);
  expect(new Set(reports.map(({ pid }) => pid)).size).toBe(1);
  for (const { connectionString } of reports) {
    expect(await query(connectionString, 'select current_database()')).toEqual([
      { current_database: 'firelock' },
    ]);
  }
});

test('is started anew by whoever comes while it is stopping', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const first = await start({ dataDir });
  const stopped = first.stop();
  await eventually('Postgres is stopping', async () => {
    const file = await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
    return !file.includes('ready');
  });
  const second = await start({ dataDir });
  await stopped;
  expect(second).toMatchObject({ adopted: false });
  expect(await query(second.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('says which process to stop when the running one cannot be reached', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const { pid, connectionString } = await start({ dataDir });
  await rm(socketFolder(connectionString), { recursive: true });
  await expect(start({ dataDir })).rejects.toThrow(new RegExp(`ENOENT.*kill -INT ${pid}`));
});

test('serves an app that drains after Ctrl-C, until the app stops it', async () => {
  const starter = runStarter({ options: { dataDir: join(await scratchFolder(), 'data') } });
  const { pid } = await starter.started();
  process.kill(-starter.pid, 'SIGINT');
  await starter.closed;
  expect(starter.reports().at(-1)).toEqual({ event: 'drained' });
  await gone(pid);
});
