import type { AttemptId } from '../job/attempt-id.js';
import type { Executor, Statement } from './statement.js';

/** Where a server and Postgres do not agree about an attempt. */
export interface Difference extends AttemptId {
  /**
   * `deleted`, `lost`: the server holds it, and by Postgres it is not the server's any more. `unknown`: it is the server's
   * by Postgres, and the server does not hold it.
   */
  readonly finding: 'deleted' | 'lost' | 'unknown';
}

export interface Comparison {
  readonly serverId: string;
  readonly held: readonly AttemptId[];
  /** Attempts that were claimed less long ago than this are left out of the `unknown`. */
  readonly graceMs: number;
}

/** Compares what a server holds with what it runs by Postgres. */
export function compareAttempts(executor: Executor, comparison: Comparison): Promise<Difference[]> {
  const { serverId, held, graceMs } = comparison;
  const given = JSON.stringify(held.map(({ id, attempt }) => ({ id, attempt })));
  return executor.run<Difference>(statement, [serverId, given, graceMs]);
}

/** Reads only. That an attempt was deleted is said by the history: the job may have been put back into its queue since. */
const statement: Statement = {
  name: 'compare-attempts',
  text: `
    with held as materialized (
      select id, attempt from json_to_recordset($2::json) as given(id bigint, attempt integer)
    ),
    own as materialized (
      select id, attempt, started_at from firelock.jobs where state = 'processing' and server_id = $1
    )
    select
      held.id::text as id, held.attempt,
      case
        when exists (
          select from firelock.transitions
          where job_id = held.id and transitions.attempt = held.attempt
            and from_state = 'processing' and to_state = 'deleted'
        ) then 'deleted'
        else 'lost'
      end as finding
    from held
    where not exists (select from own where own.id = held.id and own.attempt = held.attempt)
    union all
    select own.id::text, own.attempt, 'unknown'
    from own
    where own.started_at < now() - $3::double precision * interval '1 millisecond'
      and not exists (select from held where held.id = own.id and held.attempt = own.attempt)`,
};
