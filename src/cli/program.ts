import { Command } from 'commander';
import { version } from '../version.js';
import { addDashboard } from './dashboard.js';
import { addDev } from './dev.js';
import { addDoctor } from './doctor/doctor.js';
import { addMigrate } from './migrate.js';
import { redacted } from './redaction.js';
import { addRecurring } from './recurring.js';
import { addServer } from './server.js';

/** The command line: its commands, and the options that all of them take. */
export function firelockProgram(): Command {
  const program = new Command('firelock')
    .description('Background jobs for Node.js on Postgres.')
    .version(version())
    .option('--database-url <url>', 'the Postgres to use (default: DATABASE_URL)')
    .option('--schema <name>', "the schema of Firelock's tables (default: FIRELOCK_SCHEMA, or firelock)")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(redacted(text)) })
    .showHelpAfterError("Run 'npx firelock --help' to see what there is.")
    .addHelpText('after', EXAMPLES);
  for (const add of [addDev, addMigrate, addServer, addRecurring, addDashboard, addDoctor]) add(program);
  return program;
}

const EXAMPLES = `
Examples:
  $ npx firelock dev                          a Postgres and the dashboard, to try things out
  $ npx firelock migrate                      before a release goes live
  $ npx firelock server dist/jobs.js          run the jobs of a module
  $ npx firelock recurring pause nightly --until 2h --reason 'the API is down'
  $ npx firelock doctor --schema reports      is everything as it should be?

Variables of the environment, and of a file .env: DATABASE_URL, FIRELOCK_SCHEMA, PORT, FIRELOCK_DASHBOARD_USER,
FIRELOCK_DASHBOARD_PASSWORD. Options win over them.`;
