import { parseArgs } from 'node:util';
import { type Disturbance, disturbances, type PlanOptions } from './plan.js';

/** Everything that a run of `npm run chaos` can be told. */
export interface ChaosOptions extends PlanOptions {
  /** Of the run: its seeds. */
  readonly name: string;
  readonly servers: number;
  /** Of each server, in the queue that all of them share. */
  readonly slots: number;
  readonly clients: number;
  /** Of all clients together. */
  readonly jobsPerSecond: number;
  /** How long the jobs that block their process' event loop do so, in turn. */
  readonly blocksMs: readonly number[];
  /** How many jobs kill the process that runs them. */
  readonly poisons: number;
  /** 99 of 100 jobs that a killed server was running must have been started again by then. */
  readonly recoveryLimitMs: number;
  /** Where the report goes as JSON. */
  readonly json: string | undefined;
  /** Keeps the folder of a run that found nothing. */
  readonly keep: boolean;
  /** A Postgres that is there already: it is not restarted then. */
  readonly databaseUrl: string | undefined;
}

const PER_MINUTE: PlanOptions['perMinute'] = {
  kill: 20,
  'kill two at once': 2.5,
  'kill, and again right after the start': 2.5,
  vanish: 0.5,
  drain: 4,
  stop: 1.5,
  cut: 4,
  deafen: 1.5,
  'kill client': 2,
  'cut client': 1,
  'restart Postgres': 1.2,
};

const LENGTHS_MS: PlanOptions['lengthsMs'] = {
  kill: [0, 0],
  'kill two at once': [0, 0],
  'kill, and again right after the start': [0, 1200],
  vanish: [20_000, 40_000],
  drain: [0, 0],
  stop: [25_000, 35_000],
  cut: [0, 0],
  deafen: [2000, 30_000],
  'kill client': [0, 0],
  'cut client': [0, 0],
  'restart Postgres': [0, 3000],
};

export const HELP = `npm run chaos -- [options]

  --minutes 2             how long it disturbs
  --seed 7                repeats a plan; else a seed is drawn and printed; the plans of several are carried out together
  --servers 10 --slots 6  server processes, and the jobs that each runs at once
  --clients 2  --jobs 25  client processes, and the jobs that they enqueue a second, all together
  --block 10  --block 25  for how many seconds jobs block their event loop, in turn
  --poisons 2             jobs that kill their process
  --recovery-limit 10     seconds in which 99 % of a killed server's jobs must have been started again
  --rate 'kill=20'        so many a minute; may be repeated, for any of:
                          ${disturbances.join('\n                          ')}
  --length 'stop=25-35'   how many seconds one lasts
  --json file             the report as JSON
  --keep                  keep the folder .firelock/chaos-<seeds> even if nothing was found

DATABASE_URL, if set, names a Postgres to use; it is not restarted then.
`;

/** @throws Error that says which option is wrong */
export function parseOptions(args: readonly string[], databaseUrl: string | undefined): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', multiple: true, default: [String(Math.floor(Math.random() * 1_000_000))] },
      servers: { type: 'string', default: '10' },
      slots: { type: 'string', default: '6' },
      clients: { type: 'string', default: '2' },
      jobs: { type: 'string', default: '25' },
      block: { type: 'string', multiple: true, default: ['10', '10', '25'] },
      poisons: { type: 'string', default: '2' },
      'recovery-limit': { type: 'string', default: '10' },
      rate: { type: 'string', multiple: true, default: [] },
      length: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const rates = values.rate.map(assignment).map(([key, value]) => [key, numberOf(value)]);
  const lengths = values.length.map(assignment).map(([key, value]) => [key, rangeOf(value)]);
  return {
    name: values.seed.join('_'),
    seeds: values.seed.map(numberOf),
    durationMs: numberOf(values.minutes) * 60_000,
    servers: numberOf(values.servers),
    slots: numberOf(values.slots),
    clients: numberOf(values.clients),
    jobsPerSecond: numberOf(values.jobs),
    blocksMs: values.block.map((seconds) => numberOf(seconds) * 1000),
    poisons: numberOf(values.poisons),
    recoveryLimitMs: numberOf(values['recovery-limit']) * 1000,
    perMinute: { ...PER_MINUTE, ...Object.fromEntries(rates) },
    lengthsMs: { ...LENGTHS_MS, ...Object.fromEntries(lengths) },
    json: values.json,
    keep: values.keep,
    databaseUrl,
  };
}

function assignment(text: string): [Disturbance, string] {
  const [name = '', value = ''] = text.split('=');
  const disturbance = disturbances.find((each) => each === name);
  if (disturbance === undefined) throw new Error(`expected one of ${disturbances.join(', ')}; got '${text}'`);
  return [disturbance, value];
}

function rangeOf(text: string): [number, number] {
  const [min = '', max = min] = text.split('-');
  return [numberOf(min) * 1000, numberOf(max) * 1000];
}

function numberOf(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new Error(`expected a number, got '${text}'`);
  return number;
}
