import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { EmbeddedPostgresError } from '../errors.js';

type Release = () => Promise<void>;

const TIMEOUT_MS = 120_000;
const POLL_MS = 50;
/** open(2) of macOS: take an flock with the file. Node.js has no name for it. */
const O_EXLOCK = 0x20;

/**
 * Runs the work while no other process of this machine holds the lock of that path.
 *
 * The kernel owns the lock, so it is free the instant its holder dies: unlike a file with a pid in it, it never goes
 * stale, cannot be fooled by a recycled pid, and nobody ever has to steal it.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const release = await tryLock(path);
    if (release !== undefined) return runAndRelease(work, release);
    if (Date.now() > deadline)
      throw new EmbeddedPostgresError(`Another process kept '${path}' locked for 2 minutes. Stop it.`);
    await setTimeout(POLL_MS);
  }
}

async function runAndRelease<T>(work: () => Promise<T>, release: Release): Promise<T> {
  try {
    return await work();
  } finally {
    await release();
  }
}

function tryLock(path: string): Promise<Release | undefined> {
  if (process.platform === 'darwin') return tryFile(`${path}.lock`);
  // 107 bytes fill an abstract address: Node.js 20 pads shorter ones with NULs and later releases do not, so that the
  // two would lock different names.
  const name = createHash('sha512').update(path).digest('hex').slice(0, 107);
  return tryAddress(process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`);
}

function tryAddress(address: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    // exclusive: without it the workers of one `node:cluster` would share the address.
    server.listen({ path: address, exclusive: true }, () =>
      resolve(() => new Promise((released) => server.close(() => released()))),
    );
  });
}

async function tryFile(file: string): Promise<Release | undefined> {
  try {
    const handle = await open(
      file,
      constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK,
      0o600,
    );
    return () => handle.close();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}
