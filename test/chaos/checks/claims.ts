import type { Queryable } from '../tables.js';
import { type Finding, linesOf } from './finding.js';

/** Something that must hold in the end, and the statement that answers what speaks against it, a line each. */
export interface Claim {
  readonly claim: string;
  readonly counterexamples: string;
}

export const claims: readonly Claim[] = [
  {
    claim: 'I1: an attempt of a job is run by one server, once',
    counterexamples: `
      select 'job ' || job_id || ' attempt ' || attempt || ' on ' || string_agg(server, ', ') as line
      from chaos.attempts
      group by job_id, attempt
      having count(*) > 1`,
  },
  {
    claim: 'I3: a job exists, once, if and only if its order was committed',
    counterexamples: `
      with jobs as (
        select args ->> 'order' as order_id, count(*) as count from firelock.jobs where args ? 'order' group by 1
      )
      select coalesce('order ' || orders.id, 'no order ' || jobs.order_id) || ': ' || coalesce(jobs.count, 0) || ' jobs' as line
      from chaos.orders
      full join jobs on jobs.order_id = orders.id
      where orders.id is null or jobs.count is distinct from 1`,
  },
  {
    claim: "I3: a child exists if and only if its parent's effect was committed",
    counterexamples: `
      with effects as (
        select jobs.id, count(*) as count
        from firelock.jobs join chaos.effects on effects.job_id = jobs.id
        where jobs.name in ('parent', 'family')
        group by 1
      ),
      children as (
        select (args ->> 'parent')::bigint as id, count(*) as count from firelock.jobs where name = 'child' group by 1
      )
      select 'job ' || id || ': ' || coalesce(effects.count, 0) || ' effects, ' || coalesce(children.count, 0) || ' children' as line
      from effects full join children using (id)
      where effects.count is distinct from children.count`,
  },
  {
    claim: 'I4: every job has ended',
    counterexamples: `
      select name || ' ' || id || ' is ' || state || ', attempt ' || attempt || ', recoveries ' || recoveries as line
      from firelock.jobs
      where state not in ('succeeded', 'dead', 'deleted')`,
  },
  {
    claim: 'I4: no job has ended otherwise than by plan',
    counterexamples: `
      select name || ' ' || id || ' is ' || state || ', attempt ' || attempt || ', recoveries ' || recoveries as line
      from firelock.jobs
      where (state = 'dead' and name not in ('hopeless', 'poison'))
        or (state = 'succeeded' and name in ('hopeless', 'poison'))
        or (state = 'deleted') <> (id in (select job_id from chaos.deletions))`,
  },
  {
    claim: 'I4: a job that succeeded has had its effect, by the attempt that is on record',
    counterexamples: `
      select name || ' ' || id || ' attempt ' || attempt as line
      from firelock.jobs
      where state = 'succeeded'
        and not exists (
          select from chaos.effects where effects.job_id = jobs.id and effects.attempt = jobs.attempt
        )`,
  },
  {
    claim: 'I5: the result of a job is that of the attempt on record',
    counterexamples: `
      select name || ' ' || id || ' attempt ' || attempt || ' has the result ' || coalesce(result::text, 'nothing') as line
      from firelock.jobs
      where state = 'succeeded' and result ->> 'attempt' is distinct from attempt::text`,
  },
  {
    claim: 'I6: a transactional job has its effect exactly once, and none if it did not succeed',
    counterexamples: `
      select name || ' ' || id || ' is ' || state || ' with ' || count(effects.job_id) || ' effects' as line
      from firelock.jobs left join chaos.effects on effects.job_id = jobs.id
      where name in ('transactional', 'family')
      group by jobs.id
      having count(effects.job_id) <> case when state = 'succeeded' then 1 else 0 end`,
  },
  {
    claim: 'I7: an occurrence of a recurring job creates one job at most',
    counterexamples: `
      select occurrence || ': ' || count(*) || ' jobs' as line
      from firelock.jobs
      where recurring_job_id is not null
      group by recurring_job_id, occurrence
      having count(*) > 1`,
  },
  {
    claim: 'no job starts before it is due',
    counterexamples: `
      select 'job ' || jobs.id || ' was due at ' || due_at || ' and started at ' || min(attempts.at) as line
      from chaos.orders
      join firelock.jobs on jobs.args ->> 'order' = orders.id
      join chaos.attempts on attempts.job_id = jobs.id
      group by jobs.id, due_at
      having min(attempts.at) < due_at`,
  },
  {
    claim: 'a poison job ends as a dead letter after three crashes',
    counterexamples: `
      select 'job ' || id || ' is ' || state || ' with recoveries ' || recoveries as line
      from firelock.jobs
      where name = 'poison' and (state, recoveries) is distinct from ('dead', 3)`,
  },
];

export async function examine(db: Queryable, { claim, counterexamples }: Claim): Promise<Finding> {
  return { claim, broken: await linesOf(db, counterexamples) };
}
