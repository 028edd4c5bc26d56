import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { eventually } from '../eventually.js';
import { type Blow, last } from './blow.js';
import type { RunningAttempt } from './journal.js';
import type { Life } from './life.js';

/** How long a kill waits to learn what its victim is running. */
const LOOK_MS = 500;

export async function kill(blow: Blow, life: Life): Promise<void> {
  if (await noted(blow, life)) life.kill();
}

/** As if its host had lost power: for as long as the blow lasts Postgres does not hear that its connections are gone. */
export async function vanish(blow: Blow, life: Life): Promise<void> {
  if (await noted(blow, life)) life.vanish(last(blow));
}

/** Kills it, and the life after it somewhere on its way up. */
export async function killTwice(blow: Blow, life: Life): Promise<void> {
  await kill(blow, life);
  await life.ended;
  const next = await eventually('it is started again', () => blow.fleet.at(life.seat));
  await next.disturb(async () => {
    await last(blow);
    await kill(blow, next);
  });
}

/** False if it has ended by itself meanwhile. */
async function noted({ journal, pool, disturbance }: Blow, life: Life): Promise<boolean> {
  const running = await Promise.race([
    runningAttempts(pool, life.name).catch(() => undefined), // Postgres is away
    sleep(LOOK_MS, undefined),
  ]);
  if (!life.alive) return false;
  journal.note({ kind: 'struck', life: life.name, by: disturbance, running });
  return true;
}

/** What the process runs, as Postgres knows it. One that was declared lost goes on under a second id. */
async function runningAttempts(pool: pg.Pool, life: string): Promise<readonly RunningAttempt[]> {
  const { rows } = await pool.query<RunningAttempt>(
    `select jobs.id as "jobId", jobs.attempt
     from firelock.jobs join firelock.servers on servers.id = jobs.server_id
     where jobs.state = 'processing' and servers.name = $1`,
    [life],
  );
  return rows;
}
