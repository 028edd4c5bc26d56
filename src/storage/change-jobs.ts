import type { State } from '../job/state.js';
import type { Executor, Statement } from './statement.js';

/** Of what is undefined, each job keeps its own. */
interface JobChange {
  readonly queue: string | undefined;
  readonly priority: number | undefined;
}

export interface ChangeFacts {
  readonly ids: readonly string[];
  /** The states in which the change may apply. */
  readonly from: readonly State[];
  readonly change: JobChange;
}

/** A job that was in one of the states: as it was, and as it is. */
export interface ChangedJob {
  readonly id: string;
  readonly state: State;
  readonly queueBefore: string;
  readonly priorityBefore: number;
  readonly queue: string;
  readonly priority: number;
}

/** Moves those of the jobs that are in one of the states named to another queue, or gives them another priority. */
export function changeJobs(executor: Executor, { ids, from, change }: ChangeFacts): Promise<ChangedJob[]> {
  const { queue = null, priority = null } = change;
  return executor.run<ChangedJob>(statement, [ids, from, queue, priority]);
}

/**
 * I2: no change of state. The rows are locked first, in the order of ids as everything does that waits, and change only if
 * they are still in one of the states: a job that a server has claimed meanwhile stays as it was claimed. One that is as
 * it should be already is answered and not written.
 */
const statement: Statement = {
  name: 'change-jobs',
  text: `
    with target as materialized (
      select
        id, state, queue as queue_before, priority as priority_before,
        coalesce($3::text, queue) as queue, coalesce($4::smallint, priority) as priority
      from firelock.jobs
      where id = any($1::bigint[]) and state = any($2::text[])
      order by id
      for update
    ),
    changed as (
      update firelock.jobs
      set queue = target.queue, priority = target.priority
      from target
      where jobs.id = target.id
        and (target.queue, target.priority) is distinct from (target.queue_before, target.priority_before)
    )
    select
      id::text as id, state, queue_before as "queueBefore", priority_before as "priorityBefore", queue, priority
    from target
    order by target.id`,
};
