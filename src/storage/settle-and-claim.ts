import type { AttemptId } from '../job/attempt-id.js';
import type { Settlement } from '../job/transition.js';
import { lastErrorAfter } from './last-error.js';
import type { Executor, Statement } from './statement.js';

/** The end of one attempt, addressed to exactly that attempt. */
export interface SettledAttempt {
  readonly id: string;
  readonly attempt: number;
  readonly settlement: Settlement;
}

export interface Claim {
  readonly queue: string;
  /** The names of the jobs that this server has handlers for: others stay for other servers. */
  readonly names: readonly string[];
  readonly limit: number;
}

export interface ClaimedJob {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly priority: number;
  readonly args: unknown;
  readonly attempt: number;
  readonly attemptLimit: number;
  /** A bigint as the driver gives it: cheaper to send than a double, and made a number only for those who ask. */
  readonly createdAtMs: string | number | bigint;
  /** From when it was ready to this claim; up to 24 days. */
  readonly waitedMs: number;
  /** What few jobs have; null for all others: each column is written, sent and read for every job, and four fewer are worth it. */
  readonly extras: ClaimedExtras | null;
}

interface ClaimedExtras {
  /** How many of the attempts before this one were given back. */
  readonly uncounted?: number;
  readonly timeoutMs?: number;
  readonly retryDelaysMs?: readonly number[];
  readonly recurringJobId?: string;
  readonly occurrenceMs?: number;
}

export interface SettledAndClaimed {
  readonly claimed: readonly ClaimedJob[];
  /** The attempts that were no longer this server's: nothing was changed for them. */
  readonly stale: readonly AttemptId[];
}

/** Settles what this server finished and claims what it may start next, in one round trip. */
export async function settleAndClaim(
  executor: Executor,
  serverId: string,
  { settled, claim }: { readonly settled: readonly SettledAttempt[]; readonly claim: Claim },
): Promise<SettledAndClaimed> {
  const values = [
    serverId,
    `[${settled.toSorted(byId).map(toJson).join(',')}]`,
    claim.queue,
    claim.names,
    claim.limit,
  ];
  const rows = await executor.run<ClaimedJob | (AttemptId & { readonly name: null })>(statement, values);
  return {
    claimed: rows.filter((row) => row.name !== null),
    stale: rows.filter((row) => row.name === null).map(({ id, attempt }) => ({ id, attempt })),
  };
}

/** What a claim returns beside the row: how long the job has waited since it was ready. More than 24 days are no integer. */
export const waited = `
        least(
          date_part('epoch', jobs.started_at - coalesce(jobs.run_at, jobs.created_at)) * 1000, 2147483647
        )::integer as waited_ms`;

/** A claimed row as `ClaimedJob` names it. */
export const claimedColumns = `
      id::text as id, name, queue, priority, args, attempt, attempt_limit as "attemptLimit",
      (date_part('epoch', created_at) * 1000)::bigint as "createdAtMs", waited_ms as "waitedMs",
      case
        when uncounted > 0 or timeout_ms is not null or retry_delays_ms is not null or recurring_job_id is not null
          then jsonb_strip_nulls(jsonb_build_object(
            'uncounted', uncounted, 'timeoutMs', timeout_ms, 'retryDelaysMs', retry_delays_ms,
            'recurringJobId', recurring_job_id, 'occurrenceMs', date_part('epoch', occurrence) * 1000
          ))
      end as extras`;

/**
 * I1, I5: a settlement applies only to a job that is still in `processing` by this server and attempt; a late one changes
 * nothing and is told so. A claim takes unlocked ready rows in the order of jobs_ready (queue, priority, age) and no more
 * than `limit`; a server that was declared lost, or asked to be quiet or to stop, claims nothing, and from a paused queue nobody
 * does (I11). The CTE of candidates is materialized, so that the planner never re-runs the locking scan per row.
 *
 * Settling and claiming share a statement because the round trip is what a fast handler pays for: apart, they reached a
 * third of the throughput. A release or a snooze gives the attempt back by raising the limit, and counts it as
 * uncounted: `attempt` is the fencing token and only ever grows. Suspects, which have crashed with their server twice, are
 * not claimed here: they run apart.
 *
 * A job is ready from `created_at` on, or, once it has waited in another state, from `run_at`: whatever puts a job back into
 * its queue sets it.
 *
 * Another transaction may hold the row of a job that is to be settled (somebody deletes it, and does not commit): after half
 * a second of waiting the statement gives up (55P03), and the feed settles its jobs apart, so that one delays no other. To
 * lock them with `skip locked` first would have cost every call 13 % of the throughput.
 *
 * Claims come first, and wait for nobody: made after the settlements they meet more rows that another call has claimed since
 * the snapshot, each of which Postgres then reads anew (20 % of the throughput with two calls in flight). So a call may
 * hold what it has claimed while it waits for a row that it is to settle; should the holder of that wait for it in turn, this
 * call gives up first, because its patience is shorter than Postgres' own (`deadlock_timeout`, 1 s): nobody else's
 * transaction is the victim.
 *
 * Settlements lock rows in one order, as everything does that waits: by id. `finished` comes in that order, and two odd
 * conditions make the planner look each row up by its key, instead of reading the table or another index in their own
 * order: with the one on `finished` it expects a single row, and no index fits a comparison by `is not distinct from`. Claimed
 * rows are looked up as an array for the same reason: of a `limit` that it does not know the planner expects a tenth of
 * the table, and would read all of it.
 */
const statement: Statement = {
  name: 'settle-and-claim',
  text: `
    with finished as materialized (
      select id, attempt, state, result, error, now() + delay_ms * interval '1 millisecond' as run_at
      from (select set_config('lock_timeout', '500ms', true)) as patience, json_to_recordset($2::json) as given(
        id bigint, attempt integer, state text, result jsonb, error jsonb, delay_ms double precision
      )
      where attempt = abs(attempt)
    ),
    settled as (
      update firelock.jobs
      set
        state = finished.state,
        result = finished.result,
        last_error = ${lastErrorAfter('finished.state', 'finished.error')},
        run_at = coalesce(finished.run_at, case finished.state when 'enqueued' then now() end, jobs.run_at),
        finished_at = case when finished.state in ('succeeded', 'dead') then clock_timestamp() end,
        attempt_limit = jobs.attempt_limit + case when finished.state in ('enqueued', 'scheduled') then 1 else 0 end,
        uncounted = jobs.uncounted + case when finished.state in ('enqueued', 'scheduled') then 1 else 0 end
      from finished
      where jobs.id = finished.id
        and row(jobs.state, jobs.server_id, jobs.attempt)
          is not distinct from row('processing', $1::bigint, finished.attempt)
      returning jobs.id, jobs.attempt, jobs.state, jobs.started_at, finished.run_at, finished.error
    ),
    recorded as (
      insert into firelock.transitions (
        job_id, at, from_state, to_state, attempt, server_id, started_at, run_at, error
      )
      select id, clock_timestamp(), 'processing', state, attempt, $1, started_at, run_at, error
      from settled
      where state <> 'succeeded'
    ),
    candidates as materialized (
      select id
      from firelock.jobs
      where state = 'enqueued' and queue = $3 and name = any($4::text[]) and recoveries < 2
        and exists (select from firelock.servers where servers.id = $1 and servers.state = 'running' and servers.asked is null)
        and not exists (select from firelock.queue_pauses where queue_pauses.queue = $3)
      order by priority, id
      limit $5
      for update skip locked
    ),
    claimed as (
      update firelock.jobs
      set state = 'processing', attempt = jobs.attempt + 1, server_id = $1, started_at = clock_timestamp()
      where jobs.id = any (array(select candidates.id from candidates))
      returning
        jobs.id, jobs.name, jobs.queue, jobs.priority, jobs.args, jobs.attempt, jobs.attempt_limit,
        jobs.uncounted, jobs.timeout_ms, jobs.retry_delays_ms, jobs.created_at, jobs.recurring_job_id, jobs.occurrence,${waited}
    )
    select ${claimedColumns}
    from (
      select * from claimed
      union all
      select finished.id, null, null, null, null, finished.attempt, null, null, null, null, null, null, null, null
      from finished
      where (finished.id, finished.attempt) not in (select settled.id, settled.attempt from settled)
    ) as answer
    order by priority, answer.id`,
};

function byId(left: SettledAttempt, right: SettledAttempt): number {
  return left.id.length - right.id.length || (left.id < right.id ? -1 : 1);
}

function toJson({ id, attempt, settlement }: SettledAttempt): string {
  if (settlement.state === 'succeeded') {
    const kept = settlement.result === undefined ? '' : `,"result":${settlement.result}`;
    return `{"id":${id},"attempt":${attempt},"state":"succeeded"${kept}}`;
  }
  const { delayMs: delay_ms, ...facts } = { delayMs: undefined, ...settlement };
  return JSON.stringify({ id, attempt, ...facts, delay_ms });
}
