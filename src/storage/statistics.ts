import type { Kysely } from 'kysely';
import { type State, states } from '../job/state.js';
import type { Executor, Statement } from './statement.js';
import type { Tables } from './tables.js';

/** Beyond this a count says "more than": counting ten million rows would cost more than the number is worth. */
export const COUNT_LIMIT = 10_000;

/** How many jobs are in each state, counted up to COUNT_LIMIT. */
export async function countJobs(executor: Executor): Promise<Readonly<Record<State, number>>> {
  const rows = await executor.run<{ state: State; count: number }>(countStatement, []);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count])) as Record<State, number>;
}

const countStatement: Statement = {
  name: 'count-jobs',
  text: states
    .map(
      (state) => `
    select '${state}' as state, count(*)::integer as count
    from (select from firelock.jobs where state = '${state}' limit ${COUNT_LIMIT}) as counted`,
    )
    .join('\n    union all'),
};

/** The recurring jobs, servers and queues there are. */
export interface QueueLength {
  readonly queue: string;
  readonly enqueued: number;
}

/** The queues in which jobs wait, and how many, counted up to COUNT_LIMIT in all. */
export async function queueLengths(kysely: Kysely<Tables>): Promise<readonly QueueLength[]> {
  const rows = await kysely
    .selectFrom((eb) =>
      eb.selectFrom('jobs').select('queue').where('state', '=', 'enqueued').limit(COUNT_LIMIT).as('counted'),
    )
    .select((eb) => ['queue', eb.fn.countAll<string>().as('count')])
    .groupBy('queue')
    .orderBy('queue')
    .execute();
  return rows.map(({ queue, count }) => ({ queue, enqueued: Number(count) }));
}
