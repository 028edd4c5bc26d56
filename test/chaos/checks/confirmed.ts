import type { Message } from '../messages.js';
import type { Queryable } from '../tables.js';
import { type Finding, linesOf } from './finding.js';

/** What clients were told is committed. */
export class Confirmed {
  readonly #orders = new Set<string>();
  readonly #jobs = new Set<string>();

  hear(message: Message): void {
    if (message.kind === 'placed') this.#orders.add(message.order);
    if (message.kind === 'enqueued') this.#jobs.add(message.job);
  }

  get count(): number {
    return this.#orders.size + this.#jobs.size;
  }

  async areThere(db: Queryable): Promise<Finding> {
    const broken = await linesOf(
      db,
      `select 'order ' || id as line from unnest($1::text[]) as id where id not in (select id from chaos.orders)
       union all
       select 'job ' || id from unnest($2::bigint[]) as id where id not in (select id from firelock.jobs)`,
      [[...this.#orders], [...this.#jobs]],
    );
    return { claim: 'I4: what a client was told is committed is there', broken };
  }
}
