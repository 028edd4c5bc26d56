import { join } from 'node:path';
import type { Command } from 'commander';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { withFirelock } from './installation.js';
import { migrated } from './migrate.js';
import { parsePort } from './port.js';
import { redacted } from './redaction.js';
import { stopSignals } from './signals.js';
import { type Given, givenTo } from './target.js';
import { openWebsite } from './website.js';

const DATA_DIR = join('.firelock', 'postgres');

export function addDev(program: Command): void {
  program
    .command('dev')
    .description(
      'for development: a Postgres of its own unless DATABASE_URL is set, migrated, and the dashboard',
    )
    .option('--port <number>', 'port of the dashboard (default: PORT, or 4747)', parsePort)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: { readonly port?: number }, command: Command) => {
      const given = givenTo(command);
      await dev(given, flags.port ?? given.environment.PORT);
    });
}

const EXAMPLES = `
Examples:
  $ npx firelock dev              Postgres in ${DATA_DIR}, which may be removed while it is stopped
  $ npx firelock dev --port 0     the dashboard at any free port`;

async function dev({ connectionString, schema }: Given, port: number): Promise<void> {
  const { first, second } = stopSignals();
  const postgres = connectionString === undefined ? await embedded() : own(connectionString);
  try {
    await withFirelock({ connectionString: postgres.connectionString, schema }, async (firelock) => {
      const migration = await migrated(firelock, schema);
      const handler = firelock.dashboard();
      const website = await openWebsite({ handler, host: '127.0.0.1', port, credentials: undefined });
      console.log(
        `Postgres   ${postgres.description}\nSchema     ${migration}\nDashboard  ${website.url}\nCtrl-C stops.`,
      );
      await first;
      await website.close(second);
    });
  } finally {
    await postgres.stop();
  }
}

interface DevPostgres {
  readonly connectionString: string;
  readonly description: string;
  stop(): Promise<void>;
}

function own(connectionString: string): DevPostgres {
  return { connectionString, description: redacted(connectionString), stop: () => Promise.resolve() };
}

async function embedded(): Promise<DevPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir: DATA_DIR });
  const origin = postgres.adopted ? 'ran already, and goes on afterwards' : 'runs until this command stops';
  // As the app needs it, so not redacted: it holds a password only on Windows, where nothing else protects the port. The
  // folder of its socket is another one after each start.
  const url = `\n\n  DATABASE_URL='${postgres.connectionString}'\n`;
  return { ...postgres, description: `${DATA_DIR} (${origin}); your app reaches it with${url}` };
}
