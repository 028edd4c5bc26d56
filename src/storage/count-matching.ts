import { sql } from 'kysely';
import { findJobs } from './find-jobs.js';
import { placeOf } from './job-order.js';
import { type JobQuery, planWalk, seenIn, type Walk } from './job-walk.js';
import type { Reader } from './reader.js';
import { COUNT_LIMIT } from './job-counts.js';
import { WalkPace } from './walk-pace.js';

/** How many jobs match: exactly, or at least so many. */
export interface MatchCount {
  readonly count: number;
  readonly isExact: boolean;
}

/** As long as a page may take. */
const BUDGET_MS = 75;

/** Counts up to COUNT_LIMIT, as far as the time suffices; that is 75 ms unless more is given. */
export async function countMatching(
  reader: Reader,
  query: JobQuery,
  budgetMs = BUDGET_MS,
): Promise<MatchCount> {
  const walk = await planWalk(reader, query, 'first');
  if (walk === undefined) return { count: 0, isExact: true };
  return walk.matchesArgs === undefined
    ? tally(reader, walk, budgetMs)
    : countVisible(reader, walk, budgetMs);
}

/** Postgres counts; only where the walk is travels. */
async function tally(reader: Reader, walk: Walk, budgetMs: number): Promise<MatchCount> {
  const pace = new WalkPace(walk, { wanted: COUNT_LIMIT + 1, budgetMs });
  let count = 0;
  let place: string | undefined;
  for (let limit = pace.next(); limit !== undefined; limit = pace.next()) {
    const batch = await tallyBatch(reader, walk, { place, limit });
    count += batch.matches;
    if (count > COUNT_LIMIT) return { count: COUNT_LIMIT, isExact: false };
    if (batch.looked < limit) return { count, isExact: true };
    ({ place } = batch);
    pace.looked(batch.looked);
  }
  return { count, isExact: false };
}

async function tallyBatch(
  reader: Reader,
  walk: Walk,
  options: { readonly place: string | undefined; readonly limit: number },
) {
  const row = await seenIn(reader, walk, options)
    .selectFrom('seen')
    .select([
      sql<number>`count(*)::integer`.as('looked'),
      sql<number>`(count(*) filter (where matches))::integer`.as('matches'),
      sql<string | null>`(select ${placeOf(walk.list)} from seen order by number desc limit 1)`.as('place'),
    ])
    .executeTakeFirstOrThrow();
  return { ...row, place: row.place ?? undefined };
}

/** Where args are hidden in part, each match is looked at here. */
async function countVisible(reader: Reader, walk: Walk, budgetMs: number): Promise<MatchCount> {
  const options = { place: undefined, wanted: COUNT_LIMIT + 1, budgetMs };
  const { found, next } = await findJobs(reader, walk, options);
  if (found.length > COUNT_LIMIT) return { count: COUNT_LIMIT, isExact: false };
  return { count: found.length, isExact: next === undefined };
}
