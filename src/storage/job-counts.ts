import { type State, states } from '../job/state.js';
import type { Executor, Statement } from './statement.js';

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
