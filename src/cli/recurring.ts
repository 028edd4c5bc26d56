import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Firelock } from '../firelock.js';
import { nextOccurrences } from '../schedule/next-occurrences.js';
import type { RecurringJob } from '../storage/recurring-jobs.js';
import { CommandError } from './command-error.js';
import { withFirelock } from './installation.js';
import { targetOf } from './target.js';

const NEXT_RUNS = 5;

/** `firelock recurring …`: what the dashboard's pages of recurring jobs do, for scripts and people at a shell. */
export function addRecurring(program: Command): void {
  const recurring = program
    .command('recurring')
    .description('list recurring jobs; pause, resume, run, change and remove them');
  addReading(recurring);
  addPausing(recurring);
  addChanging(recurring);
}

function addReading(recurring: Command): void {
  recurring
    .command('list', { isDefault: true })
    .description('all of them, the next to run first')
    .action((_flags: object, command: Command) =>
      onInstallation(command, async (firelock) => {
        const jobs = await firelock.listRecurring();
        console.log(jobs.length === 0 ? 'There are no recurring jobs.' : jobs.map(lineOf).join('\n'));
      }),
    );
  recurring
    .command('next')
    .description('when a schedule would run; asks no database')
    .argument('<schedule>', "a cron expression, or 'every 40s'")
    .option('--time-zone <name>', 'an IANA name', 'UTC')
    .option('--count <number>', 'how many runs', String(NEXT_RUNS))
    .option('--id <id>', 'the recurring job, which draws the values of H')
    .action((schedule: string, flags: { timeZone: string; count: string; id?: string }) => {
      const { timeZone, id } = flags;
      for (const run of nextOccurrences(schedule, { timeZone, id, count: Number(flags.count) }))
        console.log(run.toISOString());
    });
}

function addPausing(recurring: Command): void {
  acting(recurring, 'pause', 'fire no more until it is resumed')
    .option('--until <when>', "for how long: '2h', or until an instant: '2026-12-01T06:00:00Z'")
    .action((id: string, flags: Said & { until?: string }, command: Command) =>
      onInstallation(command, async (firelock) => {
        const { until } = flags;
        const options = { ...saidIn(flags), ...(until !== undefined && { until: instantOrDuration(until) }) };
        tell(id, await firelock.pauseRecurring(id, options), 'is paused');
      }),
    );
  acting(recurring, 'resume', 'fire again at its next instant').action(
    (id: string, flags: Said, command: Command) =>
      onInstallation(command, async (firelock) => {
        if ((await firelock.getRecurring(id)) === undefined) return tell(id, false, '');
        const resumed = await firelock.resumeRecurring(id, saidIn(flags));
        console.log(resumed ? `'${id}' is resumed.` : `'${id}' was not paused.`);
      }),
  );
}

function addChanging(recurring: Command): void {
  acting(recurring, 'run', 'run it now, beside its schedule')
    .option('--args <json>', 'instead of its own, for this run: \'{"day":"2026-11-19"}\'')
    .action((id: string, flags: Said & { args?: string }, command: Command) =>
      onInstallation(command, async (firelock) => {
        const jobId = await firelock.triggerRecurring(id, { ...saidIn(flags), ...argsIn(flags) });
        tell(id, jobId !== undefined, `runs as job ${jobId}`);
      }),
    );
  acting(recurring, 'change', 'override what code says, until the override is dropped')
    .option('--schedule <text>', "a cron expression, or 'every 40s'")
    .option('--time-zone <name>', 'an IANA name')
    .option('--queue <name>')
    .option('--args <json>')
    .action((id: string, flags: Said & Changes, command: Command) =>
      onInstallation(command, async (firelock) => {
        const { schedule, timeZone, queue } = flags;
        const override = { schedule, timeZone, queue, ...argsIn(flags) };
        tell(id, await firelock.overrideRecurring(id, override, saidIn(flags)), 'is overridden');
      }),
    );
  for (const { name, description, act, done } of plainActs)
    acting(recurring, name, description).action((id: string, flags: Said, command: Command) =>
      onInstallation(command, async (firelock) => tell(id, await act(firelock, id, saidIn(flags)), done)),
    );
}

const plainActs = [
  {
    name: 'drop-override',
    description: 'let what code says count again',
    act: (firelock: Firelock, id: string, said: Said) => firelock.dropRecurringOverride(id, said),
    done: 'is as code says',
  },
  {
    name: 'remove',
    description: 'remove it; jobs that it enqueued stay',
    act: (firelock: Firelock, id: string, said: Said) => firelock.removeRecurring(id, said),
    done: 'is removed',
  },
];

interface Said {
  readonly by?: string;
  readonly reason?: string;
}

interface Changes {
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly queue?: string;
  readonly args?: string;
}

function acting(recurring: Command, name: string, description: string): Command {
  return recurring
    .command(name)
    .description(description)
    .argument('<id>')
    .option('--reason <text>', 'why, for those who see it in the dashboard')
    .option('--by <name>', 'who (default: your name on this machine)');
}

function onInstallation(command: Command, work: (firelock: Firelock) => Promise<void>): Promise<void> {
  return withFirelock(targetOf(command), work);
}

function saidIn({ by, reason }: Said): Said {
  return { by: by ?? userInfo().username, ...(reason !== undefined && { reason }) };
}

function argsIn({ args }: { readonly args?: string }): { args?: unknown } {
  if (args === undefined) return {};
  try {
    return { args: JSON.parse(args) };
  } catch (error) {
    throw new CommandError(`--args is not JSON: ${(error as SyntaxError).message}`);
  }
}

function instantOrDuration(text: string): Date | string {
  return /^\d{4}-/.test(text) ? new Date(text) : text;
}

function tell(id: string, applied: boolean, done: string): void {
  if (applied) return console.log(`'${id}' ${done}.`);
  throw new CommandError(
    `There is no recurring job '${id}'. 'firelock recurring list' shows those there are.`,
  );
}

function lineOf(job: RecurringJob): string {
  const { id, schedule, timeZone, nextRunAt } = job;
  const marks = [
    ...(job.error === undefined ? [] : [`error: ${job.error.message}`]),
    ...(job.isLate ? ['late'] : []),
    ...(job.pause === undefined ? [] : [`paused${job.pause.by === undefined ? '' : ` by ${job.pause.by}`}`]),
    ...(job.override === undefined ? [] : ['overridden']),
    ...(job.hasHandler === false ? ['no handler'] : []),
    ...(job.definition.hasVanished ? ['not in code'] : []),
  ];
  const next = nextRunAt?.toISOString() ?? 'never again';
  return `${next.padEnd(24)}  ${id}  ${schedule} (${timeZone})${marks.length === 0 ? '' : `  [${marks.join(', ')}]`}`;
}
