import type { State } from '../job/state.js';
import type { Act } from '../job/transition.js';
import type { Notification } from './notification.js';
import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

export interface ActFacts {
  readonly ids: readonly string[];
  /** The states in which the act may apply. */
  readonly from: readonly State[];
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** For `reschedule`: an instant, or a delay by the database's clock. */
  readonly runAt?: Date | undefined;
  readonly delayMs?: number | undefined;
}

export interface MovedJob extends PlacedJob {
  /** The attempt that was under way, if there was one: its server must hear that it comes to nothing. */
  readonly cancelledAttempt: number | null;
  /** The state that it was in. */
  readonly from: State;
}

/** Applies a person's act to those of the jobs that are in one of the states named; answers which they were. */
export function applyAct(executor: Executor, act: Act, facts: ActFacts): Promise<MovedJob[]> {
  const { ids, from, by = null, reason = null, runAt = null, delayMs = null } = facts;
  return executor.run<MovedJob>(statement, [ids, from, act.to, runAt, delayMs, by, reason]);
}

/**
 * I2: the rows are locked first and change only if they are still in a state that the act applies to. Locking in the order
 * of ids keeps two acts over the same jobs from deadlocking. A job out of attempts gets one more: `attempt` is the
 * fencing token and never goes back. A success that is run again would vanish from the history with the columns that tell
 * of it, so it becomes a row.
 */
const statement: Statement = {
  name: 'apply-act',
  text: `
    with target as materialized (
      select id, state, attempt, server_id, started_at, finished_at
      from firelock.jobs
      where id = any($1::bigint[]) and state = any($2::text[])
      order by id
      for update
    ),
    moved as (
      update firelock.jobs
      set
        state = $3,
        run_at = coalesce(
          $4::timestamptz, now() + $5::double precision * interval '1 millisecond',
          case $3 when 'enqueued' then now() end, jobs.run_at
        ),
        finished_at = case when $3 = 'deleted' then clock_timestamp() end,
        result = case when $3 = 'deleted' then jobs.result end,
        attempt_limit = case
          when $3 = 'deleted' then jobs.attempt_limit
          else greatest(jobs.attempt_limit, jobs.attempt + 1)
        end
      from target
      where jobs.id = target.id
      returning jobs.id, jobs.queue, jobs.run_at
    ),
    recorded_successes as (
      insert into firelock.transitions (job_id, at, from_state, to_state, attempt, server_id, started_at)
      select id, finished_at, 'processing', 'succeeded', attempt, server_id, started_at
      from target
      where state = 'succeeded'
      order by id
    ),
    recorded as (
      insert into firelock.transitions (
        job_id, at, from_state, to_state, attempt, server_id, started_at, run_at, acted_by, reason
      )
      select
        target.id, clock_timestamp(), target.state, $3, target.attempt,
        case when target.state = 'processing' then target.server_id end,
        case when target.state = 'processing' then target.started_at end,
        case when $3 = 'scheduled' then moved.run_at end,
        $6, $7
      from target join moved using (id)
    )
    select
      id::text as id, queue,
      case when $3 = 'scheduled' then date_part('epoch', run_at) * 1000 end as "dueMs",
      case when target.state = 'processing' then target.attempt end as "cancelledAttempt",
      target.state as "from"
    from moved join target using (id)`,
};

/** What servers must hear of jobs that were deleted while they ran. */
export function cancellations(moved: readonly MovedJob[]): readonly Notification[] {
  const attempts = moved.flatMap(({ id, cancelledAttempt: attempt }) =>
    attempt === null ? [] : [{ id, attempt }],
  );
  return attempts.length === 0 ? [] : [{ kind: 'cancelled', attempts }];
}
