import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Firelock } from '../../src/firelock.js';
import { eventually } from '../eventually.js';
import { tick } from './tick.js';

export interface TicksOptions {
  readonly connectionString: string;
  readonly firelock: Firelock;
  /** How many seconds it ticks. */
  readonly count: number;
  readonly servers: number;
  /** A server is killed after at least, and at most, so many seconds; another takes its seat. */
  readonly killEvery: readonly [number, number];
}

export interface TicksReport {
  readonly kills: number;
  /** Of all seconds from the first to the last. */
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  /** From the instant to the row of its job, by the database's clock, in milliseconds and in ascending order. */
  readonly lateMs: readonly number[];
}

const ID = 'tick';

/** Ticks every second while servers are killed, and looks what came of it. */
export async function runTicks(options: TicksOptions): Promise<TicksReport> {
  const { connectionString, firelock, count, servers } = options;
  const over = new AbortController();
  const client = new pg.Client({ connectionString });
  await client.connect();
  const seats = Array.from({ length: servers }, () => new Seat(connectionString));
  try {
    await firelock.addOrUpdateRecurring(ID, tick, undefined, '* * * * * *');
    const kills = strike(seats, options.killEvery, over.signal);
    await eventually('it has ticked', async () => (await ticked(client)) >= count, (count + 60) * 1000);
    over.abort();
    await firelock.pauseRecurring(ID);
    return { kills: await kills, ...(await report(client)) };
  } finally {
    over.abort();
    for (const seat of seats) seat.leave();
    await client.end();
  }
}

/** A server process that is always there, in one life after the other. */
class Seat {
  readonly #connectionString: string;
  #process: ChildProcess;
  #isLeft = false;

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
    this.#process = this.#spawn();
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  leave(): void {
    this.#isLeft = true;
    this.kill();
  }

  #spawn(): ChildProcess {
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/ticks/tick-worker.ts', this.#connectionString],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    return worker.once('exit', () => {
      if (!this.#isLeft) this.#process = this.#spawn();
    });
  }
}

async function strike(
  seats: readonly Seat[],
  [least, most]: readonly [number, number],
  signal: AbortSignal,
): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    const pauseMs = 1000 * (least + Math.random() * (most - least));
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return kills;
    seats[Math.floor(Math.random() * seats.length)]?.kill();
  }
}

async function ticked(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from firelock.jobs where occurrence is not null',
  );
  return rows[0]?.count ?? 0;
}

async function report(client: pg.Client): Promise<Omit<TicksReport, 'kills'>> {
  const lines = async (query: string) => {
    const { rows } = await client.query<{ at: Date }>(query);
    return rows.map(({ at }) => at.toISOString());
  };
  const { rows } = await client.query<{ late: number }>(
    `select date_part('epoch', created_at - occurrence) * 1000 as late
     from firelock.jobs where occurrence is not null order by late`,
  );
  return {
    missing: await lines(
      `select at from (
         select generate_series(min(occurrence), max(occurrence), interval '1 second') as at from firelock.jobs
       ) as seconds
       where not exists (select from firelock.jobs where occurrence = at)`,
    ),
    doubled: await lines(
      `select occurrence as at from firelock.jobs where occurrence is not null group by 1 having count(*) > 1`,
    ),
    lateMs: rows.map(({ late }) => late),
  };
}

/** The smallest value that so large a part of all does not exceed. */
export function percentile(ascending: readonly number[], part: number): number {
  return ascending[Math.ceil(ascending.length * part) - 1] ?? Number.NaN;
}
