import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { eventually } from '../eventually.js';
import { pause } from './blow.js';
import { disturb } from './disturb.js';
import { figuresOfDisturbances, figuresOfJobs, figuresOfLosses } from './figures.js';
import { tick } from './jobs.js';
import { judge } from './judge.js';
import type { ChaosOptions } from './options.js';
import { planOf } from './plan.js';
import { spreadsOf } from './recovery-times.js';
import { holds, hostFacts, type Report } from './report.js';
import { type Run, seatsOf } from './run.js';
import { setUp, type Undo } from './setup.js';
import { settle } from './settle.js';
import { placeSpecialOrders } from './special-orders.js';

/** Who watches a run. */
export interface Watcher {
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

const START_LIMIT_MS = 60_000;
const PROGRESS_MS = 60_000;
const RECURRING_ID = 'every-second';

/** One run, from an empty database to its report. Nothing runs any more then; a run that holds leaves no files either. */
export async function runChaos(options: ChaosOptions, watcher: Watcher): Promise<Report> {
  const folder = resolve('.firelock', `chaos-${options.name}`);
  await rm(folder, { recursive: true, force: true });
  const undo: Undo[] = [];
  let outcome: { readonly run: Run; readonly report: Report };
  try {
    const run = await setUp(options, folder, undo);
    outcome = { run, report: await go(run, watcher) };
  } finally {
    for (const step of undo.toReversed()) await step();
  }
  const { run, report } = outcome;
  if (holds(report) && !options.keep) {
    await run.postgres.remove();
    await rm(folder, { recursive: true, force: true });
  } else watcher.say(`the database, the logs and the journal are kept in ${folder}`);
  return report;
}

async function go(run: Run, { interrupted, say }: Watcher): Promise<Report> {
  const { fleet, firelock } = run;
  for (const seat of seatsOf(run.options)) fleet.man(seat);
  const allWork = () => fleet.seats.every((seat) => fleet.at(seat)?.ready);
  await eventually('every process works', allWork, START_LIMIT_MS);
  interrupted.throwIfAborted();
  await firelock.addOrUpdateRecurring(RECURRING_ID, tick, {}, '* * * * * *');
  say(`${fleet.seats.length} processes work; disturbing them for ${run.options.durationMs / 1000} s`);
  const progress = setInterval(() => say(progressOf(run)), PROGRESS_MS);
  await rage(run, interrupted).finally(() => clearInterval(progress));
  interrupted.throwIfAborted();
  say('all is healed; waiting until every job has ended');
  await firelock.removeRecurring(RECURRING_ID);
  await fleet.dismiss('client');
  await settle(run, interrupted);
  say('checking');
  return reportOf(run);
}

/** For the time of the run: the plan is carried out while jobs are enqueued. */
async function rage(run: Run, interrupted: AbortSignal): Promise<void> {
  const { options, postgres } = run;
  const over = new AbortController();
  const stop = () => over.abort();
  interrupted.addEventListener('abort', stop);
  const given = postgres.restart === undefined;
  const plan = planOf(options).filter(({ disturbance }) => !given || disturbance !== 'restart Postgres');
  const work = [disturb(run, plan, over.signal), placeSpecialOrders(run, options, over.signal)];
  try {
    // What fails ends the run now, not when its time is over.
    await Promise.race([pause(options.durationMs, over.signal), Promise.all(work)]);
  } finally {
    stop();
    interrupted.removeEventListener('abort', stop);
    await Promise.allSettled(work);
  }
  await Promise.all(work);
}

function progressOf({ journal, confirmed }: Run): string {
  const killed = journal.of('ended').filter(({ ending }) => ending === 'killed').length;
  const restarts = journal.of('Postgres up').length;
  return `${killed} SIGKILLs, ${restarts} restarts of Postgres, ${confirmed.count} jobs confirmed so far`;
}

async function reportOf(run: Run): Promise<Report> {
  const { pool, journal } = run;
  const { databaseUrl: _, ...options } = run.options; // it may hold a password
  const { rows } = await pool.query<{ version: string }>('select version()');
  return {
    options,
    versions: {
      firelock: packageJson.version,
      node: process.version,
      postgres: rows[0]?.version.split(' on ')[0] ?? '',
    },
    host: hostFacts(),
    disturbances: figuresOfDisturbances(journal),
    jobs: await figuresOfJobs(pool),
    recovery: await spreadsOf(pool, journal),
    findings: await judge(run),
    serversDeclaredLost: await figuresOfLosses(pool, journal),
  };
}
