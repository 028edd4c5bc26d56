import type pg from 'pg';

/** What the shop's page shows. */
export interface Overview {
  readonly products: readonly {
    readonly name: string;
    readonly priceCents: number;
    readonly stock: number;
  }[];
  readonly orders: readonly OrderLine[];
  readonly reports: readonly {
    readonly minute: Date;
    readonly orders: number;
    readonly revenueCents: number;
    readonly mails: number;
  }[];
}

export interface OrderLine {
  readonly id: number;
  readonly customer: string;
  readonly product: string;
  readonly quantity: number;
  readonly totalCents: number;
  readonly placedAt: Date;
  /** By the kind of mail, the attempt that sent it. */
  readonly mails: Readonly<Record<string, number>>;
}

export async function readOverview(pool: pg.Pool): Promise<Overview> {
  const [products, orders, reports] = await Promise.all([
    pool.query<Overview['products'][number]>(productsStatement),
    pool.query<OrderLine>(ordersStatement),
    pool.query<Overview['reports'][number]>(reportsStatement),
  ]);
  return { products: products.rows, orders: orders.rows, reports: reports.rows };
}

const productsStatement = `
  select name, price_cents as "priceCents", stock
  from shop.products
  order by name`;

const ordersStatement = `
  select
    id, customer, product, quantity, total_cents as "totalCents", placed_at as "placedAt",
    coalesce(
      (select json_object_agg(kind, attempt) from shop.mails_sent where order_id = orders.id),
      '{}'
    ) as mails
  from shop.orders
  order by id desc
  limit 12`;

const reportsStatement = `
  select minute, orders, revenue_cents::double precision as "revenueCents", mails
  from shop.sales_reports
  order by minute desc
  limit 5`;
