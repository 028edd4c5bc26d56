import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { JobContext } from '../../src/index.js';

/** Somebody walks along the shelves. */
const SECONDS_PER_PRODUCT = 5;

/** Counts what is on the shelves, product by product: slow enough to be watched on the job's page, and to be cancelled there. */
export async function takeStock(pool: pg.Pool, { log, progress, signal }: JobContext): Promise<number> {
  const { rows } = await pool.query<{ name: string; stock: number }>(
    'select name, stock from shop.products order by name',
  );
  let total = 0;
  for (const [place, { name, stock }] of rows.entries()) {
    log.info({ product: name }, 'counting');
    for (let second = 0; second < SECONDS_PER_PRODUCT; second += 1) {
      await sleep(1000, undefined, { signal });
      progress((100 * (place + (second + 1) / SECONDS_PER_PRODUCT)) / rows.length);
    }
    if (stock < 10) log.warn({ product: name, stock }, 'nearly sold out');
    total += stock;
  }
  return total;
}
