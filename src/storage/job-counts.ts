import { type State, states } from '../job/state.js';
import type { Executor, Statement } from './statement.js';

/** Beyond this a count says "more than": counting ten million rows would cost more than the number is worth. */
export const COUNT_LIMIT = 10_000;

/**
 * The order of the index that serves a state. Without it a state that most jobs are in would be counted from the beginning of
 * the table, where what has expired is; there the ends of those that are done would be, too: they are counted from the latest.
 */
const orders: Readonly<Record<State, string>> = {
  awaiting: 'id',
  scheduled: 'run_at',
  enqueued: 'queue',
  processing: 'server_id',
  failed: 'run_at',
  succeeded: 'finished_at desc',
  dead: 'finished_at desc',
  deleted: 'finished_at desc',
};

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
    from (select from firelock.jobs where state = '${state}' order by ${orders[state]} limit ${COUNT_LIMIT}) as counted`,
    )
    .join('\n    union all'),
};
