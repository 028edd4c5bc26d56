/**
 * `npm run bench:output`: what ten log lines a job cost. The same jobs are drained with lines that are kept for the dashboard
 * (`info`) and with lines that are not (`debug`), in alternating rounds. Machines are noisy: trust the ratio. Options: --rounds 5.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../src/embedded/embedded-postgres.js';
import { createFirelock, defineJob, type Firelock, type JobLogger } from '../src/index.js';
import { openPool } from './systems/pool.js';

type Manner = 'info' | 'debug';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const SCHEMA = 'bench_output';
const LINES = 10;
const SLOTS = 50;
const WORK = [
  { title: 'handlers that do nothing', count: 40_000, waitMs: 0 },
  { title: 'handlers that wait for 5 ms', count: 20_000, waitMs: 5 },
] as const;

const embedded =
  process.env['DATABASE_URL'] === undefined
    ? await startEmbeddedPostgres({
        dataDir: '.firelock/bench-postgres',
        database: 'bench',
        settings: {
          shared_preload_libraries: 'pg_stat_statements',
          shared_buffers: '512MB',
          max_wal_size: '4GB',
        },
      })
    : undefined;
const connectionString = embedded?.connectionString ?? process.env['DATABASE_URL'] ?? '';
const admin = openPool(connectionString, 1);

try {
  await admin.query(`drop schema if exists ${SCHEMA} cascade`);
  const logger = pino({ level: 'silent' });
  const firelock = createFirelock({ connectionString, schema: SCHEMA, logger });
  await firelock.migrate();
  for (const work of WORK) await compare(firelock, work);
  await firelock.close();
} finally {
  await admin.end();
  await embedded?.stop();
}

async function compare(firelock: Firelock, work: (typeof WORK)[number]): Promise<void> {
  const rates: Readonly<Record<Manner, number[]>> = { info: [], debug: [] };
  const manners: readonly Manner[] = ['info', 'debug'];
  for (let round = 0; round < Number(options.rounds); round += 1)
    for (const manner of round % 2 === 0 ? manners : manners.toReversed())
      rates[manner].push(await drain(firelock, work, manner));
  const [kept, notKept] = [median(rates.info), median(rates.debug)];
  const percent = (100 * (1 - kept / notKept)).toFixed(1);
  console.log(
    `${work.title}: ${kept.toFixed(0)} jobs/s with ${LINES} lines kept, ${notKept.toFixed(0)} without, ${percent} % less`,
  );
  console.log(
    `  kept ${rates.info.map(Math.round).join(' ')}; not kept ${rates.debug.map(Math.round).join(' ')}`,
  );
}

/** Jobs per second, until the last is settled and the last line is written. */
async function drain(
  firelock: Firelock,
  { count, waitMs }: (typeof WORK)[number],
  manner: Manner,
): Promise<number> {
  await admin.query(`truncate ${SCHEMA}.jobs, ${SCHEMA}.transitions, ${SCHEMA}.job_logs`);
  let ran = 0;
  let finish = () => undefined as void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const job = defineJob({
    name: 'tells',
    handler: async (_args, { log }) => {
      say(log, manner);
      if (waitMs > 0) await sleep(waitMs);
      ran += 1;
      if (ran === count) finish();
    },
  });
  await firelock.enqueueMany(job, Array.from({ length: count }));
  await admin.query(`vacuum analyze ${SCHEMA}.jobs`);
  await admin.query('checkpoint');
  const server = firelock.createServer({ jobs: [job], queues: { default: SLOTS } });
  const startedAt = performance.now();
  await server.start();
  await finished;
  await server.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  await checkLines(manner === 'info' ? count * LINES : 0);
  return count / seconds;
}

function say(log: JobLogger, manner: Manner): void {
  for (let n = 0; n < LINES; n += 1)
    log[manner]({ orderId: 1000 + n, recipient: 'ada@example.com' }, 'a line about what was done');
}

/** Lines that were dropped would have cost nothing. */
async function checkLines(expected: number): Promise<void> {
  const { rows } = await admin.query<{ lines: string }>(
    `select coalesce(sum(json_array_length(lines::json)), 0) as lines from ${SCHEMA}.job_logs`,
  );
  if (Number(rows[0]?.lines) !== expected)
    throw new Error(`${rows[0]?.lines} lines were kept, not ${expected}`);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((left, right) => left - right)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
