import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from '../errors.js';
import { type Account, accountFor, canEnter } from './account.js';

/** The folder that holds one embedded Postgres: its cluster and its log. */
export interface DataDir {
  readonly path: string;
  readonly cluster: string;
  readonly log: string;
  /** Whom Postgres runs as; undefined: the user of this process. */
  readonly account: Account | undefined;
}

/** Where root keeps what Postgres, then another user, could not reach: see `canEnter`. */
const ROOT_SHELF = '/var/lib/firelock';

const OURS = /^(cluster|binaries|postgres\.log)/;

/** Makes the folder, or one under /var/lib/firelock when root asks for one that only root can enter. */
export async function prepareDataDir(requested: string): Promise<DataDir> {
  const wanted = await canonical(resolve(requested));
  const account = await accountFor(join(wanted, 'cluster'));
  const path = (await canEnter(account, dirname(wanted))) ? wanted : await reachable(wanted);
  await mkdir(path, { recursive: true, mode: 0o700 });
  await refuseForeignFiles(path);
  if (!(await canEnter(account, path))) await chmod(path, 0o711);
  return { path, cluster: join(path, 'cluster'), log: join(path, 'postgres.log'), account };
}

/** The folder for what must be copied out of a place that Postgres cannot enter or this process cannot write. */
export function shelfOf({ path, account }: DataDir): Promise<string> {
  return account === undefined ? Promise.resolve(path) : rootShelf();
}

/** One name per folder, whatever symlinks lead to it: the lock and the search for a running Postgres go by it. */
async function canonical(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  return existsSync(path) ? realpath(path) : join(await realpath(dirname(path)), basename(path));
}

async function reachable(wanted: string): Promise<string> {
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return join(await rootShelf(), `${basename(wanted)}-${hash}`);
}

async function rootShelf(): Promise<string> {
  await mkdir(ROOT_SHELF, { recursive: true });
  await chmod(ROOT_SHELF, 0o755); // root's umask may be 077
  return ROOT_SHELF;
}

async function refuseForeignFiles(path: string): Promise<void> {
  const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  if (names.length === 0 || names.some((name) => OURS.test(name))) return;
  throw new EmbeddedPostgresError(
    `'${path}' holds other files (${names.slice(0, 3).join(', ')}): give the embedded Postgres an empty folder.`,
  );
}
