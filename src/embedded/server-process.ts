import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EmbeddedPostgresError } from '../errors.js';
import type { DataDir } from './data-dir.js';
import { openLog } from './log.js';
import { findPostmaster, type Postmaster } from './postmaster.js';
import { ENVIRONMENT, run } from './program.js';
import type { Listener, Transport } from './transport.js';

/** What Postgres is started with. */
export interface ServerOptions {
  readonly dataDir: DataDir;
  /** The folder of Postgres' programs. */
  readonly bin: string;
  readonly transport: Transport;
  /** Postgres' own settings; those of the transport win. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A Postgres that this process has started. It outlives this process unless it is stopped. */
export interface ServerProcess {
  readonly postmaster: Postmaster;
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
/** Another one came first, or the children of one that was killed have yet to notice. Untranslated: LC_ALL is C. */
const PASSING = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;

/**
 * Starts Postgres over the cluster and waits until it is ready; undefined when another one is in its way for a moment.
 * @throws EmbeddedPostgresError, with the end of the log, when it does not get ready
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess | undefined> {
  const { dataDir, transport } = options;
  const listener = await transport.open(dataDir);
  const log = await openLog(dataDir.log);
  const settings = { ...options.settings, ...listener.settings };
  const child = await spawnPostgres({ ...options, settings }, log.handle);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopPostgres(child, options.bin, listener));
  const postmaster = await untilReady(child, dataDir.cluster);
  if (postmaster !== undefined) return { postmaster, stop };
  await stop();
  const tail = await log.tail();
  if (PASSING.test(tail)) return undefined;
  throw new EmbeddedPostgresError(
    `Postgres did not get ready. The end of its log '${dataDir.log}':\n${tail}`,
  );
}

async function spawnPostgres(
  { dataDir, bin, settings }: ServerOptions,
  log: FileHandle,
): Promise<ChildProcess> {
  const child = spawn(join(bin, 'postgres'), ['-D', dataDir.cluster, ...settingArgs(settings)], {
    ...dataDir.account,
    env: ENVIRONMENT,
    cwd: bin,
    detached: true, // a process group of its own: Ctrl-C must not stop Postgres before the app has drained
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await Promise.all([once(child, 'spawn'), log.close()]);
  child.unref();
  return child;
}

function settingArgs(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function untilReady(child: ChildProcess, cluster: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (isAlive(child) && Date.now() < deadline) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return postmaster;
    await setTimeout(POLL_MS);
  }
  return undefined;
}

/** A fast shutdown: rolls back what is open, closes every connection, writes everything. */
async function stopPostgres(child: ChildProcess, bin: string, listener: Listener): Promise<void> {
  if (isAlive(child)) {
    child.ref();
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    await Promise.all([exited, interrupt(child, bin)]).catch((cause: unknown) => {
      throw new EmbeddedPostgresError(`Postgres (pid ${child.pid}) did not stop within a minute. Kill it.`, {
        cause,
      });
    });
  }
  await listener.close();
}

async function interrupt(child: ChildProcess, bin: string): Promise<void> {
  if (process.platform !== 'win32') child.kill('SIGINT');
  // Windows has no signals: there Postgres listens for them on a pipe that pg_ctl knows.
  else await run(join(bin, 'pg_ctl'), ['kill', 'INT', String(child.pid)], undefined);
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
