import { type QueryCreator, type RawBuilder, type Selectable, sql } from 'kysely';
import type { State } from '../job/state.js';
import { asksForArgs } from '../search/args-match.js';
import { type Condition, conditionOn, type Search } from '../search/search.js';
import { databaseNow } from './database-now.js';
import { fewJobs } from './few-jobs.js';
import { indexBounds, isBound } from './index-bounds.js';
import { after, type JobList, orderOf, timeOf } from './job-order.js';
import type { Reader } from './reader.js';
import { filterOf } from './search-filter.js';
import type { Tables } from './tables.js';

/** Whether what the asker may see of a job's args fits the search: the answer of `argsMatch`, for args that are hidden in part. */
export type MatchesArgs = (job: { readonly name: string; readonly args: unknown }) => boolean;

/** Jobs that are asked for. */
export interface JobQuery {
  /** Undefined: jobs of any state. */
  readonly state?: State | undefined;
  readonly search: Search;
  /**
   * Decides about the args in Postgres' place, so that a search finds nothing by what it must not show. Ask with
   * `withoutArgs(search)` for those who may see no args at all.
   */
  readonly matchesArgs?: MatchesArgs | undefined;
}

/** A search on its way through a list. */
export interface Walk {
  readonly list: JobList;
  /** What the index serves. */
  readonly bounds: readonly RawBuilder<boolean>[];
  /** What is decided of each row that is looked at. */
  readonly filter: RawBuilder<boolean>;
  /** Every row within the bounds matches. */
  readonly isUnfiltered: boolean;
  /** The only jobs that it can be, if they are few: they are all looked at at once. */
  readonly few: readonly string[] | undefined;
  readonly matchesArgs: MatchesArgs | undefined;
}

/** Undefined if nothing can match: the states that are asked for exclude one another. */
export async function planWalk(
  reader: Reader,
  query: JobQuery,
  order: JobList['order'],
): Promise<Walk | undefined> {
  const { search, matchesArgs } = query;
  const asked = conditionOn(search, 'state')?.values;
  const state = query.state ?? (asked?.length === 1 ? asked[0] : undefined);
  if (state !== undefined && asked !== undefined && !asked.includes(state)) return undefined;
  const list = { state, order };
  const now = search.conditions.some((condition) => 'moment' in condition)
    ? await databaseNow(reader)
    : new Date();
  const [few, bounds] = await Promise.all([
    fewJobs(reader, search),
    indexBounds(reader, search, { list, now }),
  ]);
  const decides = (condition: Condition) => !isBound(condition, list) && mayDecide(condition, matchesArgs);
  return {
    list,
    bounds,
    filter: filterOf(search, { list, now, decides }),
    isUnfiltered: search.conditions.every((condition) => isBound(condition, list)),
    few,
    matchesArgs: asksForArgs(search) ? matchesArgs : undefined,
  };
}

/**
 * Where something of the args is hidden, Postgres, which sees all of them, may only exclude by a single value: that a job
 * is missing because of `-args.password:x`, or is there because of one of two values, would tell what is hidden.
 */
function mayDecide(condition: Condition, matchesArgs: MatchesArgs | undefined): boolean {
  if (condition.on !== 'args' || matchesArgs === undefined) return true;
  return !condition.isNegated && condition.values.length === 1;
}

/** A row that was looked at. */
interface SeenRow {
  readonly id: Selectable<Tables['jobs']>['id'];
  readonly queue: string;
  readonly priority: number;
  readonly runAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly at: Date;
  /** Its place among those that were looked at. */
  readonly number: string;
  readonly matches: boolean;
}

/**
 * The next rows of the list, at most so many, numbered, and whether each matches. The order, the bounds and the limit stand
 * in a query of their own, which the index serves: however rare the matches are, no more rows are looked at.
 */
export function seenIn(
  { kysely }: Reader,
  { list, bounds, filter, few }: Walk,
  { place, limit }: { readonly place: string | undefined; readonly limit: number },
): QueryCreator<Tables & { readonly seen: SeenRow }> {
  const begin = place === undefined ? undefined : after(list, place);
  const jobs = kysely.selectFrom('jobs').selectAll();
  // Without the fence (offset 0) the planner may read the whole index of the list for the sake of its order.
  const source =
    few === undefined ? jobs : jobs.where(sql<boolean>`id = any(${[...few]}::bigint[])`).offset(0);
  let candidates = kysely.selectFrom(source.as('job')).selectAll().orderBy(orderOf(list)).limit(limit);
  // A literal, not a parameter: only then does the planner see that a partial index serves it.
  if (list.state !== undefined) candidates = candidates.where('state', '=', sql.lit(list.state));
  for (const bound of begin === undefined ? bounds : [...bounds, begin]) candidates = candidates.where(bound);
  return kysely.with(
    (cte) => cte('seen').materialized(),
    (db) =>
      db
        .selectFrom(candidates.as('job'))
        .select([
          'id',
          'queue',
          'priority',
          'runAt',
          'startedAt',
          'finishedAt',
          sql<Date>`${sql.ref(timeOf(list))}`.as('at'),
          sql<string>`row_number() over (order by ${orderOf(list)})`.as('number'),
          sql<boolean>`${filter}`.as('matches'),
        ]),
  );
}
