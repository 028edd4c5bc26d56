import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findBinaries } from '../../src/embedded/binaries.js';
import { prepareDataDir } from '../../src/embedded/data-dir.js';
import { connectionString } from '../../src/embedded/database.js';
import { launch } from '../../src/embedded/launch.js';
import { loopbackTransport } from '../../src/embedded/loopback-transport.js';
import { query } from './query.js';
import { scratchFolder } from './scratch.js';

test('lets in who knows the password, over loopback, and keeps the password over a restart', async () => {
  const dataDir = await prepareDataDir(join(await scratchFolder(), 'data'));
  const options = {
    dataDir,
    bin: await findBinaries(dataDir),
    transport: loopbackTransport,
    settings: { fsync: 'off' },
    database: 'firelock',
  };
  for (const _ of ['fresh', 'restarted']) {
    const server = await launch(options);
    onTestFinished(() => server.stop());
    const address = new URL(await connectionString({ ...options, postmaster: server.postmaster }));
    expect(address.hostname).toBe('127.0.0.1');
    expect(await query(address.href, 'select 1 as one')).toEqual([{ one: 1 }]);
    const adopter = await launch(options);
    expect(adopter.adopted).toBe(true);

    address.password = 'guessed';
    await expect(query(address.href, 'select 1')).rejects.toThrow('password authentication failed');
    await server.stop();
  }
  const file = join(dataDir.path, 'cluster.password');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(dataDir.log, 'utf8')).not.toContain(await readFile(file, 'utf8'));
});
