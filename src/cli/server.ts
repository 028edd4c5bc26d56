import { type Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { createFirelock } from '../firelock.js';
import type { Logger } from '../job/context.js';
import { milliseconds } from '../duration.js';
import type { ServerOptions } from '../options.js';
import type { Server } from '../server/server.js';
import { withDatabase } from './installation.js';
import { type JobModule, loadJobModule } from './job-module.js';
import { stopSignals } from './signals.js';
import { type Target, targetOf } from './target.js';

interface Flags {
  readonly queue?: Readonly<Record<string, number>>;
  readonly grace: number;
}

export function addServer(program: Command): void {
  program
    .command('server')
    .description('run the jobs that a module exports, until SIGTERM, Ctrl-C, or until it is asked to stop')
    .argument('<module>', 'JavaScript module: exports jobs by name, or by default [jobs] or { jobs, queues }')
    .option('--queue <name=slots>', 'take jobs of this queue, so many at once; may be repeated', addQueue)
    .addOption(
      new Option(
        '--grace <duration>',
        'how long running jobs may go on when it stops; a second signal aborts them, a third leaves at once',
      )
        .argParser(parseGrace)
        .default(30_000, '30s'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, flags: Flags, command: Command) =>
      runServer(path, flags, targetOf(command)),
    );
}

const EXAMPLES = `
Examples:
  $ npx firelock server dist/jobs.js
  $ npx firelock server dist/jobs.js --queue emails=5 --queue default=20 --grace 1m

In a container start node_modules/.bin/firelock itself: npx and npm do not pass SIGTERM on, and jobs would be cut off.`;

async function runServer(path: string, flags: Flags, target: Target): Promise<void> {
  const logger = pino({ name: 'firelock' });
  const { first, second } = stopSignals((signal) =>
    logger.warn({ signal }, 'left at once: other servers recover the jobs that were running'),
  );
  const options = serverOptions(await loadJobModule(path), flags);
  await withDatabase(target, () => Promise.resolve());
  const firelock = createFirelock({ ...target, logger });
  try {
    const server = firelock.createServer(options);
    const stopped = new Promise<undefined>((resolve) =>
      firelock.on('server:stopped', () => resolve(undefined)),
    );
    await server.start();
    logger.info({ jobs: options.jobs.map(({ name }) => name) }, 'running jobs');
    void second.then((again) => hurry(server, again, logger));
    // It may also have been asked to stop from elsewhere: then the command leaves with it.
    const signal = await Promise.race([first, stopped]);
    if (signal !== undefined)
      logger.info(
        { signal, graceMs: flags.grace },
        'stopping: running jobs may end; a second signal aborts them, a third leaves at once',
      );
    await server.stop({ grace: flags.grace });
  } finally {
    await firelock.close();
  }
}

function hurry(server: Server, signal: NodeJS.Signals, logger: Logger): Promise<void> {
  logger.warn({ signal }, 'hurrying: running jobs are aborted and given back; a third signal leaves at once');
  return server.stop({ grace: 0 });
}

/** Queues given here replace those of the module. */
function serverOptions(module: JobModule, { queue, grace }: Flags): ServerOptions {
  return queue === undefined ? { ...module, grace } : { ...module, grace, queues: queue };
}

function addQueue(
  text: string,
  queues: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const [, name, slots] = /^(.+)=(\d{1,5})$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('expected a queue and its slots, such as emails=5');
  return { ...queues, [name]: Number(slots) };
}

function parseGrace(text: string): number {
  try {
    return milliseconds(text);
  } catch {
    throw new InvalidArgumentError('expected a number with a unit, such as 30s or 5m');
  }
}
