import type pg from 'pg';

export interface SalesReport {
  readonly orders: number;
  readonly revenueCents: number;
  readonly mails: number;
}

/** Stores what was sold in the minute before `until`. Its row has one key, so that a repeated attempt adds none. */
export async function reportSales(pool: pg.Pool, until: Date): Promise<SalesReport | undefined> {
  const { rows } = await pool.query<SalesReport>(statement, [until]);
  return rows[0];
}

const statement = `
  insert into shop.sales_reports (minute, orders, revenue_cents, mails)
  select
    date_trunc('minute', $1::timestamptz),
    count(*),
    coalesce(sum(total_cents), 0),
    (select count(*) from shop.mails_sent where sent_at >= $1::timestamptz - interval '1 minute' and sent_at < $1)
  from shop.orders
  where placed_at >= $1::timestamptz - interval '1 minute' and placed_at < $1
  on conflict (minute) do update set
    orders = excluded.orders,
    revenue_cents = excluded.revenue_cents,
    mails = excluded.mails
  returning orders, revenue_cents::double precision as "revenueCents", mails`;
