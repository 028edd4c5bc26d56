import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../eventually.js';
import { query, socketFolder } from './query.js';
import { gone, isRoot, nobody, scratchFolder, start } from './scratch.js';
import { runStarter } from './starter-process.js';

test('starts again after a kill -9 of Postgres, and removes its stale socket', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const first = await start({ dataDir, durable: true });
  await query(first.connectionString, 'create table kept as select 42 as answer');
  process.kill(first.pid, 'SIGKILL');
  const second = await start({ dataDir });
  expect(second.adopted).toBe(false);
  expect(await query(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(existsSync(socketFolder(first.connectionString))).toBe(false);
});

test('starts again while a busy child of the killed Postgres still runs', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const first = await start({ dataDir });
  const busy = query(first.connectionString, 'select count(*) from generate_series(1, 8000000)').catch(
    () => undefined,
  );
  await eventually('the child is busy', async () => {
    const rows = await query(first.connectionString, `select from pg_stat_activity where state = 'active'`);
    return rows.length > 1;
  });
  process.kill(first.pid, 'SIGKILL');
  const second = await start({ dataDir });
  expect(await query(second.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('pre-existing shared memory block');
  await busy;
});

test('starts again when the pid of the killed Postgres belongs to another process by now', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const first = await start({ dataDir });
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  process.kill(first.pid, 'SIGKILL');
  await gone(first.pid);
  // Of the same user as Postgres, or Postgres itself would see through it.
  const other = spawn('sleep', ['60'], isRoot ? nobody : {});
  onTestFinished(() => void other.kill());
  await writeFile(pidFile, [other.pid, ...lines.slice(1)].join('\n'));
  const second = await start({ dataDir });
  expect(second.adopted).toBe(false);
});

test('starts again when the killed Postgres is a zombie that nobody reaps', async () => {
  const dataDir = join(await scratchFolder(), 'data');
  const starter = runStarter({ options: { dataDir } });
  const { pid } = await starter.started();
  process.kill(starter.pid, 'SIGSTOP');
  onTestFinished(() => void process.kill(starter.pid, 'SIGKILL'));
  process.kill(pid, 'SIGKILL');
  const second = await start({ dataDir });
  expect(second.adopted).toBe(false);
});

test.each([
  ['with its starter', (starter: number) => -starter],
  ['but for an initdb that goes on alone', (starter: number) => starter],
])('makes a whole cluster after one was killed half-way, %s', async (_title, victim) => {
  const dataDir = join(await scratchFolder(), 'data');
  const starter = runStarter({ options: { dataDir } });
  await eventually('initdb is at work', async () => {
    const draft = (await readdir(dataDir).catch(() => [])).find((name) => name.startsWith('cluster.draft-'));
    return draft !== undefined && existsSync(join(dataDir, draft, 'base'));
  });
  process.kill(victim(starter.pid), 'SIGKILL');
  expect(existsSync(join(dataDir, 'cluster'))).toBe(false);
  const postgres = await start({ dataDir });
  expect(await query(postgres.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  await postgres.stop();
  await start({ dataDir });
  expect((await readdir(dataDir)).toSorted()).toEqual(['cluster', 'postgres.log']);
});
