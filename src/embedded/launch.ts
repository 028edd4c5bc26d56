import { setTimeout } from 'node:timers/promises';
import { EmbeddedPostgresError } from '../errors.js';
import { ensureCluster } from './cluster.js';
import { ensureDatabase } from './database.js';
import { withLock } from './lock.js';
import { findPostmaster, type Postmaster, removeRemains } from './postmaster.js';
import { type ServerOptions, type ServerProcess, startServer } from './server-process.js';

interface LaunchOptions extends ServerOptions {
  readonly database: string;
}

interface Launched extends ServerProcess {
  /** Whether it ran already; then `stop` leaves it alone. */
  readonly adopted: boolean;
}

const TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/** Adopts the Postgres that runs over the data dir, or starts one. Of several processes at once exactly one starts it. */
export function launch(options: LaunchOptions): Promise<Launched> {
  const { dataDir, bin, transport } = options;
  return withLock(dataDir.cluster, async () => {
    await ensureCluster(dataDir, bin, transport);
    const deadline = Date.now() + TIMEOUT_MS;
    while (Date.now() < deadline) {
      const launched = await adoptOrStart(options);
      if (launched !== undefined) return launched;
      await setTimeout(POLL_MS);
    }
    throw new EmbeddedPostgresError(
      `The Postgres over '${dataDir.path}' neither got ready nor stopped. See its log '${dataDir.log}', and kill it.`,
    );
  });
}

/** Undefined when Postgres is on its way up or down. */
async function adoptOrStart(options: LaunchOptions): Promise<Launched | undefined> {
  const running = await findPostmaster(options.dataDir.cluster);
  return running === undefined ? start(options) : adopt(options, running);
}

async function start(options: LaunchOptions): Promise<Launched | undefined> {
  await removeRemains(options.dataDir.cluster);
  const server = await startServer(options);
  if (server === undefined) return undefined;
  try {
    await ensureDatabase({ ...options, postmaster: server.postmaster });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...server, adopted: false };
}

async function adopt(options: LaunchOptions, postmaster: Postmaster): Promise<Launched | undefined> {
  try {
    await ensureDatabase({ ...options, postmaster });
  } catch (cause) {
    const { pid } = postmaster;
    const now = await findPostmaster(options.dataDir.cluster);
    if (now?.pid !== pid || now.status !== 'ready') return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(
      `A Postgres (pid ${pid}) runs over '${options.dataDir.path}' but does not let us in: ${reason}. ` +
        `If nobody needs it any more, stop it: kill -INT ${pid}`,
      { cause },
    );
  }
  return { postmaster, adopted: true, stop: () => Promise.resolve() };
}
