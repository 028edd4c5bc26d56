import type pg from 'pg';
import { z } from 'zod';
import { inTransaction } from './database.js';
import { mailsOfAnOrder } from './jobs/contracts.js';
import { RefusedError, text } from './request.js';
import type { Shop } from './shop.js';

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly email: string;
  readonly product: string;
  readonly quantity: number;
  readonly totalCents: number;
}

/** What a customer fills in. */
export const checkoutSchema = z.object({
  customer: text,
  email: z.email(),
  product: text,
  quantity: z.coerce.number().int().min(1).max(100),
});

export type Checkout = z.infer<typeof checkoutSchema>;

/**
 * Places an order and enqueues its mails in the same transaction: there is no order without its mails, and no mail for an
 * order that was refused. Answers the order's id; the mails are sent after the customer has got their answer.
 * @throws RefusedError for a product that is unknown or sold out
 */
export function placeOrder({ pool, firelock }: Shop, checkout: Checkout): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const orderId = await insertOrder(tx, checkout);
    for (const mail of mailsOfAnOrder)
      await firelock.enqueue(mail, { orderId }, { tx, tags: [`order ${orderId}`] });
    // Last, because from here to the commit all other orders of this product wait.
    await takeFromStock(tx, checkout);
    return orderId;
  });
}

export async function findOrder(pool: pg.Pool, id: number): Promise<Order> {
  const { rows } = await pool.query<Order>(
    `select id, customer, email, product, quantity, total_cents as "totalCents" from shop.orders where id = $1`,
    [id],
  );
  const [order] = rows;
  if (order === undefined) throw new Error(`There is no order ${id}.`);
  return order;
}

async function insertOrder(
  tx: pg.PoolClient,
  { customer, email, product, quantity }: Checkout,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into shop.orders (customer, email, product, quantity, total_cents)
     select $1, $2, name, $4::integer, price_cents * $4::integer
     from shop.products
     where name = $3
     returning id`,
    [customer, email, product, quantity],
  );
  const [order] = rows;
  if (order === undefined) throw new RefusedError(`We do not sell '${product}'.`);
  return order.id;
}

async function takeFromStock(tx: pg.PoolClient, { product, quantity }: Checkout): Promise<void> {
  const { rowCount } = await tx.query(
    `update shop.products set stock = stock - $2 where name = $1 and stock >= $2`,
    [product, quantity],
  );
  if (rowCount === 0)
    throw new RefusedError(`Sold out: we do not have ${quantity} of '${product}' any more.`);
}
