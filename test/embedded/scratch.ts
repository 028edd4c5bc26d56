import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/embedded/embedded-postgres.js';
import { eventually } from '../eventually.js';
import { socketFolder } from './query.js';

export const isRoot = process.getuid?.() === 0;
export const nobody = { uid: 65_534, gid: 65_534 };

/** A new folder that every user can enter; removed with the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'firelock-test-'));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts in this process; stopped with the test. */
export async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ durable: false, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

/** Stops, with the test, a Postgres whose starter is gone. */
export function stopOrphan({
  pid,
  connectionString,
}: Pick<EmbeddedPostgres, 'pid' | 'connectionString'>): void {
  onTestFinished(async () => {
    if (isAlive(pid)) process.kill(pid, 'SIGINT');
    await gone(pid);
    await rm(socketFolder(connectionString), { recursive: true, force: true });
  });
}

/** A zombie is not alive: in some containers nobody reaps orphans. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export function gone(pid: number): Promise<true> {
  return eventually(`process ${pid} is gone`, () => !isAlive(pid));
}
