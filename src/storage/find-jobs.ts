import { sql } from 'kysely';
import { placeOf } from './job-order.js';
import { type MatchesArgs, seenIn, type Walk } from './job-walk.js';
import { idOf, instant } from './normalised.js';
import type { Reader } from './reader.js';
import { WalkPace } from './walk-pace.js';

/** A job that matches. */
interface FoundJob {
  readonly id: string;
  /** Where the walk goes on after it. */
  readonly place: string;
  /** The list's time of it. */
  readonly at: Date | undefined;
  /** How many jobs had been looked at, this one included. */
  readonly looked: number;
}

/** How far a walk came. */
export interface Finding {
  readonly found: readonly FoundJob[];
  readonly looked: number;
  /** The list's time of the last job that was looked at. */
  readonly backTo: Date | undefined;
  /** Where the walk goes on; undefined at the end of the list. */
  readonly next: string | undefined;
}

export interface FindOptions {
  readonly place: string | undefined;
  /** How many matches are enough. */
  readonly wanted: number;
  /** After so long the walk ends where it is. */
  readonly budgetMs: number;
}

/** Args may be a megabyte each: so many at most are read at once. */
const ARGS_READ = 200;

/** Walks through a list, in batches that grow, until enough is found, the list ends, or the time is over. */
export async function findJobs(reader: Reader, walk: Walk, options: FindOptions): Promise<Finding> {
  const { wanted, budgetMs } = options;
  const pace = new WalkPace(walk, { wanted, budgetMs });
  const found: FoundJob[] = [];
  let finding: Finding = { found, looked: 0, backTo: undefined, next: options.place };
  for (let limit = pace.next(); limit !== undefined; limit = pace.next()) {
    const missing = wanted - found.length;
    const batch = walk.matchesArgs === undefined ? missing : Math.min(missing, ARGS_READ);
    const look = await lookAt(reader, walk, { place: finding.next, limit, wanted: batch });
    const from = finding.looked;
    found.push(...look.found.map((job) => ({ ...job, looked: from + job.looked })));
    finding = { found, looked: from + look.looked, backTo: look.backTo ?? finding.backTo, next: look.next };
    if (look.next === undefined || found.length >= wanted) break;
    pace.looked(look.looked);
  }
  return finding;
}

interface LookOptions {
  readonly place: string | undefined;
  readonly limit: number;
  readonly wanted: number;
}

/** One batch. If it has more matches than are wanted, it ends with the last of those. */
async function lookAt(reader: Reader, walk: Walk, options: LookOptions): Promise<Finding> {
  const rows = await matchesAndLast(reader, walk, options);
  const last = rows.find(({ isLast }) => isLast);
  // The last may match without being wanted any more.
  const matches = rows.filter(({ matches }) => matches).slice(0, options.wanted);
  const end = matches.length === options.wanted ? matches.at(-1) : last;
  const isOver = end === last && (last?.looked ?? 0) < options.limit;
  const found = await withVisibleArgs(reader, matches, walk.matchesArgs);
  return { found, looked: end?.looked ?? 0, backTo: end?.at, next: isOver ? undefined : end?.place };
}

interface SeenJob extends FoundJob {
  readonly matches: boolean;
  /** The last that was looked at. */
  readonly isLast: boolean;
}

async function matchesAndLast(
  reader: Reader,
  walk: Walk,
  { place, limit, wanted }: LookOptions,
): Promise<readonly SeenJob[]> {
  const rows = await seenIn(reader, walk, { place, limit })
    .selectFrom('seen')
    .select(['id', 'at', 'matches', placeOf(walk.list).as('place')])
    .select([
      sql<number>`number::integer`.as('looked'),
      sql<boolean>`number = (select max(number) from seen)`.as('isLast'),
    ])
    .where(
      sql<boolean>`
        number in (select number from seen where matches order by number limit ${wanted})
        or number = (select max(number) from seen)`,
    )
    .orderBy('number')
    .execute();
  return rows.map(({ id, at, ...row }) => ({ ...row, id: idOf(id), at: instant(at) }));
}

async function withVisibleArgs(
  { kysely }: Reader,
  found: readonly FoundJob[],
  matchesArgs: MatchesArgs | undefined,
): Promise<readonly FoundJob[]> {
  if (matchesArgs === undefined || found.length === 0) return found;
  const ids = found.map(({ id }) => id);
  const rows = await kysely
    .selectFrom('jobs')
    .select(['id', 'name', 'args'])
    .where('id', 'in', ids)
    .execute();
  const visible = new Set(rows.filter(matchesArgs).map(({ id }) => idOf(id)));
  return found.filter(({ id }) => visible.has(id));
}
