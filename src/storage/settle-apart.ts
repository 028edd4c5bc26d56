import { lastErrorAfter } from './last-error.js';
import type { SettledAttempt } from './settle-and-claim.js';
import type { Executor, Statement } from './statement.js';

/** `busy`: another transaction holds the job's row, so nothing is known yet. */
export type ApartOutcome = 'settled' | 'stale' | 'busy';

/** Settles one attempt, waiting for nobody: for what could not be settled together with others. */
export async function settleApart(
  executor: Executor,
  serverId: string,
  { id, attempt, settlement }: SettledAttempt,
): Promise<ApartOutcome> {
  const { result, error, delayMs } = { result: null, error: null, delayMs: null, ...settlement };
  const errorText = error === null ? null : JSON.stringify(error);
  const values = [serverId, id, attempt, settlement.state, result, errorText, delayMs];
  const [answer] = await executor.run<{ outcome: ApartOutcome }>(statement, values);
  return answer?.outcome ?? 'stale';
}

/** I1, I5: the same guard and the same change as in `settle-and-claim.ts`, for one job whose row nobody else holds. */
const statement: Statement = {
  name: 'settle-apart',
  text: `
    with free as materialized (
      select id, state = 'processing' and server_id = $1::bigint and attempt = $3::integer as ours
      from firelock.jobs
      where id = $2::bigint
      for update skip locked
    ),
    settled as (
      update firelock.jobs
      set
        state = $4,
        result = $5::jsonb,
        last_error = ${lastErrorAfter('$4', '$6::jsonb')},
        run_at = coalesce(
          now() + $7::double precision * interval '1 millisecond', case $4 when 'enqueued' then now() end, jobs.run_at
        ),
        finished_at = case when $4 in ('succeeded', 'dead') then clock_timestamp() end,
        attempt_limit = jobs.attempt_limit + case when $4 in ('enqueued', 'scheduled') then 1 else 0 end,
        uncounted = jobs.uncounted + case when $4 in ('enqueued', 'scheduled') then 1 else 0 end
      from free
      where jobs.id = free.id and free.ours
      returning jobs.id, jobs.started_at, jobs.run_at
    ),
    recorded as (
      insert into firelock.transitions (
        job_id, at, from_state, to_state, attempt, server_id, started_at, run_at, error
      )
      select
        id, clock_timestamp(), 'processing', $4, $3::integer, $1::bigint, started_at,
        case when $7::double precision is not null then run_at end, $6::jsonb
      from settled
      where $4 <> 'succeeded'
    )
    select case
      when exists (select from settled) then 'settled'
      when not exists (select from free) and exists (select from firelock.jobs where id = $2::bigint) then 'busy'
      else 'stale'
    end as outcome`,
};
