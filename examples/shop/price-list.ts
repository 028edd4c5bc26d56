import { readFile } from 'node:fs/promises';
import type pg from 'pg';

interface Price {
  readonly product: string;
  readonly cents: number;
}

/** Takes over a supplier's prices, all or none. @throws Error naming the first line that is wrong */
export async function importPriceList(pool: pg.Pool, supplier: string): Promise<{ products: number }> {
  const file = `${supplier}.csv`;
  const list = await readFile(new URL(`price-lists/${file}`, import.meta.url), 'utf8');
  const prices = list
    .trimEnd()
    .split('\n')
    .map((line, index) => readPrice(line, `${file}, line ${index + 1}`));
  await pool.query(
    `update shop.products set price_cents = given.cents
     from json_to_recordset($1::json) as given(product text, cents integer)
     where products.name = given.product`,
    [JSON.stringify(prices)],
  );
  return { products: prices.length };
}

function readPrice(line: string, place: string): Price {
  const [product = '', price = ''] = line.split(';');
  if (!/^\d+\.\d\d$/.test(price)) throw new Error(`${place}: '${price}' is not a price`);
  return { product, cents: Math.round(Number(price) * 100) };
}
