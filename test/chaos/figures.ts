import { lossesOf } from './checks/losses.js';
import type { Journal } from './journal.js';
import { disturbances } from './plan.js';
import { shutdowns } from './postgres.js';
import type { Queryable } from './tables.js';

/** Numbers, each under what it counts. */
export type Figures = Readonly<Record<string, number>>;

export function figuresOfDisturbances(journal: Journal): Figures {
  const struck = journal.of('struck');
  const downs = journal.of('Postgres down');
  const ups = journal.of('Postgres up');
  const away = downs.map((down, place) => (ups[place]?.at ?? down.at) - down.at);
  const ended = journal.of('ended');
  return {
    ...countsOf(disturbances.slice(0, -1), (each) => struck.filter(({ by }) => by === each).length),
    ...countsOf(shutdowns, (how) => downs.filter((down) => down.how === how).length, 'restart Postgres: '),
    'SIGKILLs of servers': ended.filter(
      ({ life, ending }) => life.startsWith('server') && ending === 'killed',
    ).length,
    'SIGKILLs of servers by their poison': ended.filter(({ ending }) => ending === 'killed by its job')
      .length,
    'restarts of Postgres': downs.length,
    'seconds without Postgres': Math.round(away.reduce((sum, ms) => sum + ms, 0) / 1000),
    'strikes without enough processes at work': journal.of('too few to strike').length,
  };
}

/** Why servers were declared lost. */
export async function figuresOfLosses(db: Queryable, journal: Journal): Promise<Figures> {
  const losses = await lossesOf(db, journal);
  const reasons = [...new Set(losses.map(({ after }) => after))].toSorted();
  return countsOf(reasons, (reason) => losses.filter(({ after }) => after === reason).length, 'after ');
}

/** In the order of `place`. */
const JOBS = `
  select 0 as place, state as what, count(*) from firelock.jobs group by state
  union all
  select 1, 'of a recurring job, once a second', count(*) from firelock.jobs where recurring_job_id is not null
  union all
  select 2, 'children', count(*) from firelock.jobs where name = 'child'
  union all
  select 3, 'in the transaction of their success', count(*) from firelock.jobs where name in ('transactional', 'family')
  union all
  select 4, 'that blocked their event loop', count(*) from firelock.jobs where name = 'blocking'
  union all
  select 5, 'deleted while they ran', count(*) from chaos.deletions
  union all
  select 6, 'attempts', count(*) from chaos.attempts
  union all
  select 7, 'attempts that were recovered', count(*) from firelock.transitions where error ->> 'code' = 'FIRELOCK_SERVER_LOST'
  union all
  select 8, 'innocent dead letters of three crashes, retried', count(*) from chaos.retried
  union all
  select 9, 'effects', count(*) from chaos.effects
  union all
  select 10, 'effects twice or more, allowed', coalesce(sum(count - 1), 0) from (
    select count(*) as count
    from chaos.effects join firelock.jobs on jobs.id = effects.job_id
    where jobs.name not in ('transactional', 'family')
    group by job_id
  ) as counts
  order by place, what`;

export async function figuresOfJobs(db: Queryable): Promise<Figures> {
  const { rows } = await db.query(JOBS);
  // The columns of the statement.
  const counts = rows as { readonly what: string; readonly count: string }[];
  return Object.fromEntries(counts.map(({ what, count }) => [what, Number(count)]));
}

function countsOf<Key extends string>(
  keys: readonly Key[],
  count: (key: Key) => number,
  prefix = '',
): Figures {
  return Object.fromEntries(keys.map((key) => [`${prefix}${key}`, count(key)]));
}
