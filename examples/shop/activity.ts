import type { Shop } from './shop.js';

const EVERY_MS = 10_000;

interface Activity {
  readonly orders: number;
  readonly mails: number;
  readonly repeated: number;
}

/** Prints from time to time what the shop has done since it was opened. */
export function reportActivity({ pool }: Shop): { readonly stop: () => Promise<void> } {
  const opened = new Date();
  const print = async () => {
    const { rows } = await pool.query<Activity>(statement, [opened]);
    for (const { orders, mails, repeated } of rows) {
      console.log(
        `  ${time()}  ${orders} orders, ${mails} mails sent, ${repeated} of them not at the first attempt`,
      );
    }
  };
  let printing = Promise.resolve();
  const timer = setInterval(() => {
    printing = print().catch((error: unknown) => console.log('  no figures this time:', error));
  }, EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    return printing;
  };
  return { stop };
}

const statement = `
  select
    (select count(*) from shop.orders where placed_at >= $1)::integer as orders,
    count(*)::integer as mails,
    count(*) filter (where attempt > 1)::integer as repeated
  from shop.mails_sent
  where sent_at >= $1`;

function time(): string {
  return new Date().toLocaleTimeString('en-GB');
}
