import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import type { Shop } from './place-order.js';
import type { Run } from './run.js';
import { inTransaction } from './tables.js';

const LIMIT_MS = 90_000;
const POLL_MS = 300;

const OPEN = `select from firelock.jobs where state not in ('succeeded', 'dead', 'deleted') limit 1`;

/** Innocent jobs that crashes have made dead letters, and that were not retried yet. */
const STRUCK = `
  select jobs.id
  from firelock.jobs
  join lateral (
    select error from firelock.transitions where job_id = jobs.id order by id desc limit 1
  ) as latest on latest.error ->> 'code' = 'FIRELOCK_SERVER_LOST'
  where state = 'dead' and name not in ('poison', 'hopeless') and jobs.id not in (select job_id from chaos.retried)`;

/** Nothing is disturbed any more: waits until every job has ended and every server works, or the time is over. */
export async function settle(run: Run, interrupted: AbortSignal): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    interrupted.throwIfAborted();
    const retried = await retryStruck(run);
    const { rowCount } = await run.pool.query(OPEN);
    if (retried === 0 && rowCount === 0 && allServersWork(run.fleet)) return;
    await sleep(POLL_MS);
  }
}

/** As an operator would, who sees that a dead letter is not to blame for the crashes. Each job once. */
async function retryStruck({ pool, firelock }: Shop): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(STRUCK);
  for (const { id } of rows) {
    await inTransaction(pool, async (tx) => {
      await firelock.retry(id, { from: 'dead', by: 'the orchestrator', reason: 'it was struck', tx });
      await tx.query('insert into chaos.retried (job_id) values ($1)', [id]);
    });
  }
  return rows.length;
}

function allServersWork(fleet: Fleet): boolean {
  return fleet.seats.every((seat) => seat.program !== 'server' || fleet.at(seat)?.ready === true);
}
