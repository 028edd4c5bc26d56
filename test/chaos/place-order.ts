import type pg from 'pg';
import type { Firelock } from '../../src/firelock.js';
import type { Order } from './menu.js';
import { inTransaction } from './tables.js';

export interface Shop {
  readonly pool: pg.Pool;
  readonly firelock: Firelock;
}

/** Writes the order and enqueues its job in one transaction; answers the job's id once that is committed. */
export function placeOrder({ pool, firelock }: Shop, order: Order): Promise<string> {
  return inTransaction(pool, (tx) => write(tx, firelock, order));
}

/** As `placeOrder`, but rolls back in the end: nothing of the order may remain. */
export async function abandonOrder({ pool, firelock }: Shop, order: Order): Promise<void> {
  await inTransaction(pool, (tx) => write(tx, firelock, order), 'rollback');
}

async function write(tx: pg.PoolClient, firelock: Firelock, order: Order): Promise<string> {
  const [at, delayMs] = typeof order.due === 'number' ? [null, order.due] : [order.due, null];
  await tx.query(
    `insert into chaos.orders (id, kind, due_at)
     values ($1, $2, coalesce($3::timestamptz, now() + $4::double precision * interval '1 millisecond'))`,
    [order.id, order.kind, at, delayMs],
  );
  return order.enqueue(firelock, tx);
}
