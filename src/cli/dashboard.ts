import type { Command } from 'commander';
import type { DashboardOptions } from '../dashboard/options.js';
import { checkMigrated } from '../storage/migration-state.js';
import { credentialsOf } from './basic-auth.js';
import { CommandError } from './command-error.js';
import { withDatabase, withFirelock } from './installation.js';
import { parsePort } from './port.js';
import { stopSignals } from './signals.js';
import { type Target, givenTo, targetOf } from './target.js';
import { type WebsiteOptions, isLoopback, openWebsite } from './website.js';

interface Flags {
  readonly host: string;
  readonly port?: number;
}

export function addDashboard(program: Command): void {
  program
    .command('dashboard')
    .description('serve the dashboard alone, until SIGTERM or Ctrl-C')
    .option(
      '--host <address>',
      'address to listen at; any but loopback asks for user and password',
      '127.0.0.1',
    )
    .option('--port <number>', 'port to listen at (default: PORT, or 4747)', parsePort)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags, command: Command) => {
      const { environment } = givenTo(command);
      const { host, port = environment.PORT } = flags;
      await serve(targetOf(command), { host, port, credentials: credentialsOf(environment) });
    });
}

const EXAMPLES = `
Examples:
  $ npx firelock dashboard --port 8080
  $ FIRELOCK_DASHBOARD_USER=ops FIRELOCK_DASHBOARD_PASSWORD=… npx firelock dashboard --host 0.0.0.0
User and password, when set, are asked for on loopback, too: a proxy that ends TLS may stand in front.`;

type Place = Omit<WebsiteOptions, 'handler'>;

async function serve(target: Target, place: Place): Promise<void> {
  refuseOpenDoor(place);
  const { first, second } = stopSignals();
  await withDatabase(target, (database) => checkMigrated(database, target.schema));
  await withFirelock(target, async (firelock) => {
    const website = await openWebsite({ ...place, handler: firelock.dashboard(optionsFor(place)) });
    console.log(`Dashboard  ${website.url}\nCtrl-C stops it.`);
    await first;
    await website.close(second);
  });
}

/** Whoever knows the password may act, from wherever, by the user's name; without one, only requests of this machine. */
function optionsFor({ credentials }: Place): DashboardOptions {
  return credentials === undefined ? {} : { authorize: () => ({ name: credentials.user, rights: 'all' }) };
}

function refuseOpenDoor({ host, credentials }: Place): void {
  if (isLoopback(host) || credentials !== undefined) return;
  throw new CommandError(
    `At ${host} others can reach the dashboard, and with it your jobs. ` +
      'Set FIRELOCK_DASHBOARD_USER and FIRELOCK_DASHBOARD_PASSWORD, or leave --host out.',
  );
}
