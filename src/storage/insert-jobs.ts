import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

/** Jobs that differ in nothing but their args. */
export interface NewJobs {
  readonly name: string;
  readonly queue: string;
  readonly priority: number;
  readonly attemptLimit: number;
  readonly retryDelaysMs?: readonly number[] | undefined;
  readonly timeoutMs?: number | undefined;
  /** At most one of the two: an instant, or a delay by the database's clock. Neither: enqueued at once. */
  readonly runAt?: Date | undefined;
  readonly delayMs?: number | undefined;
  readonly recurringJobId?: string | undefined;
  readonly occurrence?: Date | undefined;
  /** The job whose handler enqueues them. */
  readonly originId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** The JSON text of each job's args. */
  readonly args: readonly string[];
}

/**
 * Inserts all jobs in one statement and answers in the order given. The rows travel as one JSON document, in which what
 * the jobs share stands once: 1,000 jobs cost one parse and one plan, and no array-literal escaping of their args.
 */
export function insertJobs(executor: Executor, groups: readonly NewJobs[]): Promise<PlacedJob[]> {
  const statement = groups.some(({ tags }) => tags !== undefined) ? taggedStatement : plainStatement;
  return executor.run<PlacedJob>(statement, [`[${groups.map(toJson).join(',')}]`]);
}

const insertion = `
    insert into firelock.jobs (
      name, queue, priority, attempt_limit, retry_delays_ms, timeout_ms, recurring_job_id, occurrence,
      origin_id, tags, state, run_at, scheduled_for, args
    )
    select
      given.name, given.queue, given.priority, given.attempt_limit, given.retry_delays_ms, given.timeout_ms,
      given.recurring_job_id, given.occurrence, given.origin_id, given.tags,
      case when due.at is null then 'enqueued' else 'scheduled' end, due.at, due.at, args.value
    from rows from (
      json_to_recordset($1::json) as (
        name text, queue text, priority smallint, attempt_limit integer, retry_delays_ms jsonb,
        timeout_ms integer, run_at timestamptz, delay_ms double precision, recurring_job_id text, occurrence timestamptz,
        origin_id bigint, tags text[], args json
      )
    ) with ordinality as given(
      name, queue, priority, attempt_limit, retry_delays_ms, timeout_ms, run_at, delay_ms, recurring_job_id, occurrence,
      origin_id, tags, args, place
    )
    cross join lateral (
      select max(at) as at
      from (select coalesce(given.run_at, now() + given.delay_ms * interval '1 millisecond')) as planned(at)
      where at > now()
    ) as due
    cross join lateral json_array_elements(given.args) with ordinality as args(value, place)
    order by given.place, args.place`;

const plainStatement: Statement = {
  name: 'insert-jobs',
  text: `${insertion}
    returning id::text as id, queue, date_part('epoch', run_at) * 1000 as "dueMs"`,
};

/** A statement of its own, so that jobs without tags do not pay for a second reading of what was inserted. */
const taggedStatement: Statement = {
  name: 'insert-tagged-jobs',
  text: `
    with inserted as (${insertion}
      returning id, queue, run_at, tags
    ),
    tagged as (
      insert into firelock.job_tags (tag, job_id)
      select unnest(tags), id from inserted
    )
    select id::text as id, queue, date_part('epoch', run_at) * 1000 as "dueMs" from inserted`,
};

function toJson({ args, ...shared }: NewJobs): string {
  const columns = JSON.stringify({
    name: shared.name,
    queue: shared.queue,
    priority: shared.priority,
    attempt_limit: shared.attemptLimit,
    retry_delays_ms: shared.retryDelaysMs,
    timeout_ms: shared.timeoutMs,
    run_at: shared.runAt,
    delay_ms: shared.delayMs,
    recurring_job_id: shared.recurringJobId,
    occurrence: shared.occurrence,
    origin_id: shared.originId,
    tags: shared.tags,
  });
  return `${columns.slice(0, -1)},"args":[${args.join(',')}]}`;
}
