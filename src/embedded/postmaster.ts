import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeSocketFolder } from './socket-transport.js';

/** The main process of a running Postgres, as it describes itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Empty when it listens on TCP. */
  readonly socketFolder: string;
  /** `starting`, `ready` or `stopping`; empty in its first moments. */
  readonly status: string;
}

/** The postmaster that runs over the cluster, if any does. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const postmaster = await readPidFile(cluster);
  return postmaster !== undefined && (await isRunning(postmaster.pid, cluster)) ? postmaster : undefined;
}

/**
 * Removes what a killed postmaster left behind: Postgres would refuse to start if its pid was given to another process
 * since. Only under the lock, and before a start: the file is empty for an instant while it is written.
 */
export async function removeRemains(cluster: string): Promise<void> {
  const postmaster = await readPidFile(cluster);
  if (postmaster === undefined || (await isRunning(postmaster.pid, cluster))) return;
  await removeSocketFolder(postmaster.socketFolder);
  await rm(pidFile(cluster), { force: true });
}

async function readPidFile(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(cluster), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const [pid, , , port, socketFolder = '', , , status = ''] = text.split('\n').map((line) => line.trim());
  return { pid: Number(pid), port: Number(port), socketFolder, status };
}

/**
 * Whether that pid is the cluster's postmaster: not a zombie that nobody has reaped, nor another process that was
 * given its pid (in containers, where pids are low and few, that one is often this very process).
 */
async function isRunning(pid: number, cluster: string): Promise<boolean> {
  try {
    if (process.platform === 'win32') return process.kill(pid, 0);
    return `${await commandLine(pid)} `.includes(` -D ${cluster} `);
  } catch {
    return false;
  }
}

/** The arguments that it was started with; empty for a zombie. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  return (await promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout.trim();
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}
