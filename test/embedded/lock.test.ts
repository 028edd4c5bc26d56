import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { withLock } from '../../src/embedded/lock.js';
import { scratchFolder } from './scratch.js';

test('lets one at a time do its work, and the next one also after a failure', async () => {
  const path = join(await scratchFolder(), 'thing');
  let inside = 0;
  const work = async (fails: boolean) => {
    inside += 1;
    await setImmediate();
    expect(inside).toBe(1);
    inside -= 1;
    if (fails) throw new Error('failed inside');
    return 'done';
  };
  const outcomes = await Promise.allSettled(
    [true, false, true, false].map((fails) => withLock(path, () => work(fails))),
  );
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
});

test('does not make two paths wait for each other', async () => {
  const folder = await scratchFolder();
  const nested = withLock(join(folder, 'a'), () =>
    withLock(join(folder, 'b'), () => Promise.resolve('both')),
  );
  expect(await nested).toBe('both');
});

test('is free as soon as its holder was killed, and not before', async () => {
  const path = join(await scratchFolder(), 'thing');
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('lock-holder.ts', import.meta.url));
  const holder = spawn(process.execPath, ['--import', tsx, script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  let killed = false;
  const waiting = withLock(path, () => Promise.resolve(killed));
  await withLock(`${path} of others`, () => Promise.resolve()); // long enough for a first try of the waiting one
  killed = true;
  holder.kill('SIGKILL');
  expect(await waiting).toBe(true);
});
