import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { EmbeddedPostgresError } from '../errors.js';
import type { Account } from './account.js';

/** Nothing of this process' own environment: it holds secrets, and PG* and LC_* variables that mean another Postgres. */
export const ENVIRONMENT: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };

/** Runs one of Postgres' programs to its end. */
export function run(program: string, args: readonly string[], account: Account | undefined): Promise<void> {
  const options = { ...account, env: ENVIRONMENT, cwd: dirname(program), windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, _stdout, stderr) => {
      if (error === null) return resolve();
      const reason = stderr.trim() || error.message;
      const hint =
        error.code === 'ENOENT' ? ' (the binaries need glibc: on Alpine set DATABASE_URL instead)' : '';
      return reject(
        new EmbeddedPostgresError(`${basename(program)} failed: ${reason}${hint}`, { cause: error }),
      );
    });
  });
}
