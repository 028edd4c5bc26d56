import type pg from 'pg';

/** Creates the shop's tables and fills its shelves. May be repeated. */
export async function createTables(pool: pg.Pool): Promise<void> {
  await pool.query(statements);
}

/**
 * Sent as one query, these run in one transaction. Its lock makes processes that start together take turns: even
 * `if not exists` fails when another transaction creates the same thing at the same moment.
 */
const statements = `
  select pg_advisory_xact_lock(hashtext('shop.tables'));

  create schema if not exists shop;

  create table if not exists shop.products (
    name text primary key,
    price_cents integer not null,
    stock integer not null check (stock >= 0)
  );

  create table if not exists shop.orders (
    id integer generated always as identity primary key,
    customer text not null,
    email text not null,
    product text not null references shop.products,
    quantity integer not null check (quantity > 0),
    total_cents integer not null,
    placed_at timestamptz not null default now()
  );

  create table if not exists shop.users (
    id integer generated always as identity primary key,
    name text not null,
    email text not null unique,
    registered_at timestamptz not null default now()
  );

  -- what the mail server has accepted: see mail/mailer.ts
  create table if not exists shop.mails_sent (
    message_id text primary key,
    kind text not null,
    order_id integer references shop.orders,
    attempt integer not null,
    sent_at timestamptz not null default now()
  );
  create index if not exists mails_sent_order on shop.mails_sent (order_id);
  create index if not exists mails_sent_at on shop.mails_sent (sent_at);
  create index if not exists orders_placed_at on shop.orders (placed_at);

  create table if not exists shop.sales_reports (
    minute timestamptz primary key,
    orders integer not null,
    revenue_cents bigint not null,
    mails integer not null
  );

  insert into shop.products (name, price_cents, stock) values
    ('Desk lamp', 4900, 1000000),
    ('Oak table', 34900, 1000000),
    ('Reading chair', 12900, 1000000),
    ('Signed first edition', 9900, 3)
  on conflict (name) do nothing`;
