import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { Proxy } from '../proxy.js';
import { Confirmed } from './checks/confirmed.js';
import { Fleet } from './fleet.js';
import { Guard } from './guard.js';
import { Journal } from './journal.js';
import type { ChaosOptions } from './options.js';
import { poolOf } from './pool.js';
import { type ChaosPostgres, givenPostgres, ownPostgres } from './postgres.js';
import { ORCHESTRATOR, type Run } from './run.js';
import { TABLES } from './tables.js';

/** Undoes something; the latest is undone first. */
export type Undo = () => Promise<unknown> | undefined | void;

const QUERY_LIMIT_MS = 60_000;

/** Starts everything but the processes. What must be undone goes to `undo` as soon as it is done. */
export async function setUp(options: ChaosOptions, folder: string, undo: Undo[]): Promise<Run> {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const guard = new Guard(folder);
  undo.push(() => guard.dismiss());
  const postgres = await startPostgres(options, folder, guard);
  undo.push(() => postgres.stop());
  const network = await Proxy.to(() => postgres.connectionString);
  undo.push(() => network.close());
  const pool = poolOf({
    connectionString: network.connectionString,
    application_name: ORCHESTRATOR,
    query_timeout: QUERY_LIMIT_MS,
  });
  undo.push(() => pool.end());
  const firelock = createFirelock({ pool, logger: pino({ level: 'silent' }) });
  await firelock.migrate();
  await pool.query(TABLES);
  const journal = new Journal(join(folder, 'journal.jsonl'), await clockAheadMs(pool));
  const confirmed = new Confirmed();
  const fleet = new Fleet({
    journal,
    guard,
    logs,
    seed: options.name,
    postgres: () => postgres.connectionString,
    onMessage: (message) => confirmed.hear(message),
  });
  undo.push(() => fleet.kill());
  return { options, postgres, pool, firelock, journal, confirmed, fleet };
}

/** A database of this run alone: an earlier run's may be kept in the same folder. */
function startPostgres(
  { name, databaseUrl }: ChaosOptions,
  folder: string,
  guard: Guard,
): Promise<ChaosPostgres> {
  const database = `firelock_chaos_${name}_${process.pid}`;
  return databaseUrl === undefined
    ? ownPostgres({ folder, database, guard })
    : givenPostgres(databaseUrl, database);
}

/** How far the clock of Postgres' host is ahead of ours. */
async function clockAheadMs(pool: pg.Pool): Promise<number> {
  const before = Date.now();
  const { rows } = await pool.query<{ at: number }>(
    `select date_part('epoch', clock_timestamp()) * 1000 as at`,
  );
  return (rows[0]?.at ?? before) - (before + Date.now()) / 2;
}
