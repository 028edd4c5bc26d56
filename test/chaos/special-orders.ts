import { pause } from './blow.js';
import * as jobs from './jobs.js';
import type { Order } from './menu.js';
import type { ChaosOptions } from './options.js';
import { placeOrder, type Shop } from './place-order.js';

const POLL_MS = 500;
/** Poison is ordered early enough to kill three times before the end. */
const POISON_UNTIL = 0.6;

/** What the orchestrator orders itself: jobs that block their event loop, and poison. */
export async function placeSpecialOrders(
  shop: Shop,
  options: ChaosOptions,
  over: AbortSignal,
): Promise<void> {
  await Promise.all([orderBlocking(shop, options, over), orderPoison(shop, options, over)]);
}

/** Keeps the dedicated process busy, and one job waiting, as long as both end in time. */
async function orderBlocking(shop: Shop, options: ChaosOptions, over: AbortSignal): Promise<void> {
  const { blocksMs, durationMs } = options;
  const begin = performance.now();
  for (let number = 0; !over.aborted; number += 1) {
    const ms = blocksMs[number % blocksMs.length] ?? 0;
    if (performance.now() - begin + 2 * ms > durationMs) return;
    await insist(shop, over, (tries) => {
      const id = `blocking/${number}/${tries}`;
      const enqueue: Order['enqueue'] = (firelock, tx) =>
        firelock.enqueue(jobs.blocking, { order: id, ms }, { tx });
      return { id, kind: 'blocking', due: 0, enqueue };
    });
    while (!over.aborted && (await isBusy(shop))) await pause(POLL_MS, over);
  }
}

async function isBusy({ pool }: Shop): Promise<boolean> {
  const open = `select from firelock.jobs where queue = $1 and state not in ('succeeded', 'dead') limit 2`;
  const answer = await pool.query(open, [jobs.BLOCKING_QUEUE]).catch(() => undefined);
  return answer === undefined || answer.rowCount === 2;
}

async function orderPoison(
  shop: Shop,
  { poisons, durationMs }: ChaosOptions,
  over: AbortSignal,
): Promise<void> {
  for (let number = 0; number < poisons; number += 1) {
    await insist(shop, over, (tries) => {
      const id = `poison/${number}/${tries}`;
      const enqueue: Order['enqueue'] = (firelock, tx) =>
        firelock.enqueue(jobs.poison, { order: id }, { tx });
      return { id, kind: 'poison', due: 0, enqueue };
    });
    await pause((durationMs * POISON_UNTIL) / poisons, over);
  }
}

/** Until it is confirmed: each time as another order, since the one before may have been committed all the same. */
async function insist(shop: Shop, over: AbortSignal, make: (tries: number) => Order): Promise<void> {
  for (let tries = 0; !over.aborted; tries += 1) {
    if (await placeOrder(shop, make(tries)).catch(() => undefined)) return;
    await pause(POLL_MS, over);
  }
}
