import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import type { Shop } from './place-order.js';
import type { Run } from './run.js';
import { inTransaction } from './tables.js';

/** So long without a single job that ends means that the others never will. */
const STANDSTILL_MS = 60_000;
const POLL_MS = 300;

const OPEN = `select count(*)::integer as count from firelock.jobs where state not in ('succeeded', 'dead', 'deleted')`;

/** Innocent jobs that crashes have made dead letters, and that were not retried yet. */
const STRUCK = `
  select jobs.id
  from firelock.jobs
  join lateral (
    select error from firelock.transitions where job_id = jobs.id order by id desc limit 1
  ) as latest on latest.error ->> 'code' = 'FIRELOCK_SERVER_LOST'
  where state = 'dead' and name not in ('poison', 'hopeless') and jobs.id not in (select job_id from chaos.retried)`;

/** Nothing is disturbed any more: waits until every job has ended and every server works, or nothing moves any more. */
export async function settle(run: Run, interrupted: AbortSignal): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let deadline = performance.now() + STANDSTILL_MS;
  while (performance.now() < deadline) {
    interrupted.throwIfAborted();
    await retryStruck(run);
    const open = await countOpen(run);
    if (open === 0 && allServersWork(run.fleet)) return;
    if (open < fewest) deadline = performance.now() + STANDSTILL_MS;
    fewest = Math.min(fewest, open);
    await sleep(POLL_MS);
  }
}

async function countOpen({ pool }: Shop): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(OPEN);
  return rows[0]?.count ?? 0;
}

/** As an operator would, who sees that a dead letter is not to blame for the crashes. Each job once. */
async function retryStruck({ pool, firelock }: Shop): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(STRUCK);
  for (const { id } of rows) {
    await inTransaction(pool, async (tx) => {
      await firelock.retry(id, { from: 'dead', by: 'the orchestrator', reason: 'it was struck', tx });
      await tx.query('insert into chaos.retried (job_id) values ($1)', [id]);
    });
  }
}

function allServersWork(fleet: Fleet): boolean {
  return fleet.seats.every((seat) => seat.program !== 'server' || fleet.at(seat)?.ready === true);
}
