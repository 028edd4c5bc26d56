import { expect, test } from 'vitest';
import type { Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';
import type { Server } from '../../src/server/server.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The clock jumps by this: less than any of the schedules, so that at most one occurrence is due at once. */
const STEP = 10 * MINUTE;
const tick = defineJob({ name: 'tick', handler: () => undefined });

/** Each asks the database for the time; this one's clock is a table. */
async function moveClock(to: number): Promise<void> {
  await client.query(`update clock.hand set at = to_timestamp($1::double precision / 1000)`, [to]);
}

await client.query(`
  create schema clock;
  create table clock.hand (at timestamptz not null);
  insert into clock.hand values (pg_catalog.now());
  create function clock.now() returns timestamptz stable language sql as 'select at from clock.hand';
  create function clock.clock_timestamp() returns timestamptz stable language sql as 'select at from clock.hand'`);
await client.query(`
  do $$ begin
    execute format('alter database %I set search_path = clock, pg_catalog, public', current_database());
  end $$`);

async function start(firelock: Firelock): Promise<Server> {
  const server = firelock.createServer({ jobs: [tick] });
  await server.start();
  return server;
}

async function settled(): Promise<void> {
  await client.query(`select pg_notify('firelock:firelock', 'recurring')`);
  await eventually('nothing is due', async () => {
    const { rowCount } = await client.query(
      `select from firelock.recurring_jobs where next_run_at <= (select at from clock.hand)`,
    );
    return rowCount === 0;
  });
}

async function firedBy(id: string): Promise<readonly Date[]> {
  const { rows } = await client.query<{ occurrence: Date }>(
    'select occurrence from firelock.jobs where recurring_job_id = $1 order by occurrence',
    [id],
  );
  return rows.map(({ occurrence }) => occurrence);
}

const schedules = [
  '30 1 * * *',
  '30 2 * * *',
  '15 1,2 * * *',
  '*/30 * * * *',
  '20 * * * *',
  '0 0 * * *',
  '0 3 * * SUN',
  '0 */2 * * *',
  'every 45m',
];

test.each([
  // The scheduler is away over the gap; and within the repeated hour in the first pass, and in the second.
  { change: 'spring', timeZone: 'America/New_York', at: '2026-03-08T07:00Z', away: [[-10, 10]] },
  {
    change: 'autumn',
    timeZone: 'America/New_York',
    at: '2026-11-01T06:00Z',
    away: [
      [-40, -20],
      [20, 40],
    ],
  },
  { change: 'spring', timeZone: 'Australia/Lord_Howe', at: '2026-10-03T15:30Z', away: [[-10, 10]] },
  {
    change: 'autumn',
    timeZone: 'Australia/Lord_Howe',
    at: '2026-04-04T15:00Z',
    away: [
      [-20, -10],
      [10, 20],
    ],
  },
])(
  'over $change in $timeZone what is fired is what was foreseen, though the scheduler is restarted',
  async ({ timeZone, at, away }) => {
    await client.query('truncate firelock.jobs, firelock.recurring_jobs, firelock.recurring_runs');
    const change = Date.parse(at);
    const [from, until] = [change - 6 * HOUR, change + 6 * HOUR];
    await moveClock(from);
    const firelock = openFirelock(url);
    for (const schedule of schedules)
      await firelock.addOrUpdateRecurring(`runs-${schedules.indexOf(schedule)}`, tick, undefined, schedule, {
        timeZone,
      });
    let server: Server | undefined = await start(firelock);
    for (let now = from; now <= until; now += STEP) {
      await moveClock(now);
      const isAway = away.some(
        ([leaves = 0, comes = 0]) => now > change + leaves * MINUTE && now < change + comes * MINUTE,
      );
      if (isAway) await server?.stop();
      server = isAway ? undefined : (server ?? (await start(firelock)));
      if (server !== undefined) await settled();
    }
    await server?.stop();
    for (const [n, schedule] of schedules.entries()) {
      const foreseen = nextOccurrences(schedule, { timeZone, from: new Date(from), count: 100 });
      const expected = foreseen.filter((occurrence) => occurrence.getTime() <= until);
      expect(expected, schedule).not.toEqual([]);
      expect(await firedBy(`runs-${n}`), schedule).toEqual(expected);
    }
  },
  120_000,
);
