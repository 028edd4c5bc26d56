import type { Command } from 'commander';
import { CommandError } from './command-error.js';
import { type Environment, readEnvironment } from './environment.js';

/** The installation that a command works on. */
export interface Target {
  readonly connectionString: string;
  readonly schema: string;
}

/** What the person gave: flags, and the environment for those left out. */
export interface Given {
  readonly environment: Environment;
  readonly connectionString: string | undefined;
  readonly schema: string;
}

/** @throws InvalidOptionsError for the environment; CommandError for a URL of something else than Postgres */
export function givenTo(command: Command): Given {
  const environment = readEnvironment();
  const flags = command.optsWithGlobals<{ databaseUrl?: string; schema?: string }>();
  const connectionString = flags.databaseUrl ?? environment.DATABASE_URL;
  if (connectionString !== undefined) refuseOtherUrls(connectionString);
  return { environment, connectionString, schema: flags.schema ?? environment.FIRELOCK_SCHEMA };
}

/** @throws CommandError when no database was given, and as `givenTo` */
export function targetOf(command: Command): Target {
  const { connectionString, schema } = givenTo(command);
  if (connectionString !== undefined) return { connectionString, schema };
  throw new CommandError(
    'No database was given. Set DATABASE_URL or pass --database-url postgres://user@host/database; ' +
      "'firelock dev' starts a Postgres of its own.",
  );
}

/** `pg` would take mysql://… and ask a Postgres of that host. A path is that of a socket's folder. */
function refuseOtherUrls(connectionString: string): void {
  if (/^(postgres(ql)?:\/\/|socket:|\/)/i.test(connectionString)) return;
  throw new CommandError(
    'The database URL is not one of Postgres: expected one such as postgres://user@host:5432/database.',
  );
}
