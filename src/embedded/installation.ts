import { existsSync } from 'node:fs';
import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type DataDir, shelfOf } from './data-dir.js';
import { withLock } from './lock.js';

const MAY_NOT_WRITE = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Does what the package's install script does, where npm, pnpm or Bun were told to run none; false if it may not. */
export async function repaired(native: string): Promise<boolean> {
  try {
    await repair(native);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && MAY_NOT_WRITE.has(String(error.code))) return false;
    throw error;
  }
}

/** A copy in a place that the account can enter and this process can write; made once per release. */
export async function copied(native: string, dataDir: DataDir): Promise<string> {
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

async function repair(native: string): Promise<void> {
  if (process.platform === 'win32') return;
  // The file is part of the package's format: paths that begin with `native/`.
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
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

/** The originals may come from a root with umask 077. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
