import { setTimeout as sleep } from 'node:timers/promises';
import type { Shop } from './place-order.js';
import { inTransaction } from './tables.js';

/** It ends some day: what is never seen running is left alone. */
const PATIENCE_MS = 15_000;

/** Deletes the job once it runs, in one transaction with a row that tells of it. */
export async function deleteWhileItRuns(shop: Shop, id: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline && !signal.aborted) {
    const job = await shop.firelock.getJob(id);
    if (job?.state === 'processing') return remove(shop, id);
    await sleep(200);
  }
}

async function remove({ pool, firelock }: Shop, id: string): Promise<void> {
  await inTransaction(pool, async (tx) => {
    // Refused if it has ended, or was taken from its server, meanwhile.
    const applied = await firelock.delete(id, { from: 'processing', by: 'a client', tx });
    if (applied) await tx.query('insert into chaos.deletions (job_id) values ($1)', [id]);
  });
}
