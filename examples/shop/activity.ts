import { say } from './log.js';
import { type Repetition, repeat } from './repeat.js';
import type { Shop } from './shop.js';

interface Activity {
  readonly orders: number;
  readonly mails: number;
  readonly repeated: number;
}

/** Tells every ten seconds what the shop has done since it was opened. */
export function reportActivity({ pool }: Shop): Repetition {
  const opened = new Date();
  return repeat(
    () => 10_000,
    async () => {
      const { rows } = await pool.query<Activity>(statement, [opened]);
      for (const { orders, mails, repeated } of rows) {
        say(`${orders} orders, ${mails} mails sent, ${repeated} of them not at the first attempt`);
      }
    },
  );
}

const statement = `
  select
    (select count(*) from shop.orders where placed_at >= $1)::integer as orders,
    count(*)::integer as mails,
    count(*) filter (where attempt > 1)::integer as repeated
  from shop.mails_sent
  where sent_at >= $1`;
