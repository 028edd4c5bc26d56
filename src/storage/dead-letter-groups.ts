import { errorKind } from '../search/error-kind.js';
import { formatSearch } from '../search/format-search.js';
import type { Condition, Pattern } from '../search/search.js';
import { instant } from './normalised.js';
import type { Executor, Statement } from './statement.js';

/** Dead letters of one name that failed with the same error, but for the ids in it. */
export interface DeadLetterGroup {
  readonly name: string;
  /** `Name: message`, with a * for what differs; undefined if nothing is known of the error. */
  readonly error: string | undefined;
  readonly count: number;
  /** When the first and the last of them died. */
  readonly first: Date;
  readonly last: Date;
  /** The id of one of them. */
  readonly example: string;
  /**
   * Lists the group among the dead letters: all of it, and what else of that name bears the error's text with anything in the
   * places that differ. Without an error, all of the name.
   */
  readonly search: string;
}

export interface DeadLetterGroups {
  /** The largest first. */
  readonly groups: readonly DeadLetterGroup[];
  /** How many dead letters were looked at: the latest, up to 10,000. */
  readonly looked: number;
}

const LOOKED = 10_000;
/** What errors have in common stands at their beginning; so much of it is compared. */
const COMPARED = 200;

/** The latest dead letters by name and error. */
export async function groupDeadLetters(executor: Executor): Promise<DeadLetterGroups> {
  const rows = await executor.run<SameError>(statement, [LOOKED, COMPARED]);
  const groups = new Map<string, DeadLetterGroup>();
  for (const row of rows) {
    const kind = row.error === null ? undefined : errorKind(row.error);
    const key = JSON.stringify([row.name, kind]);
    groups.set(key, together(groups.get(key), groupOf(row, kind)));
  }
  return {
    groups: [...groups.values()].toSorted((left, right) => right.count - left.count),
    looked: rows.reduce((sum, { count }) => sum + count, 0),
  };
}

interface SameError {
  readonly name: string;
  readonly error: string | null;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
  readonly example: string;
}

/** Postgres puts equal errors together, so that little travels; what differs in ids is put together here. */
const statement: Statement = {
  name: 'group-dead-letters',
  text: `
    with latest as (
      select id, name, left(last_error, $2) as error, finished_at
      from firelock.jobs
      where state = 'dead'
      order by finished_at desc, id desc
      limit $1
    )
    select
      name, error, count(*)::integer as count, min(finished_at) as first, max(finished_at) as last,
      max(id)::text as example
    from latest
    group by name, error`,
};

function groupOf(row: SameError, kind: Pattern | undefined): DeadLetterGroup {
  const conditions: Condition[] = [{ on: 'name', isNegated: false, values: [[row.name]] }];
  if (kind !== undefined) conditions.push({ on: 'error', isNegated: false, values: [kind] });
  return {
    name: row.name,
    error: kind?.join('*'),
    count: row.count,
    first: instant(row.first),
    last: instant(row.last),
    example: row.example,
    search: formatSearch({ conditions }),
  };
}

function together(known: DeadLetterGroup | undefined, added: DeadLetterGroup): DeadLetterGroup {
  if (known === undefined) return added;
  const later = known.last < added.last ? added : known;
  return {
    ...later,
    count: known.count + added.count,
    first: known.first < added.first ? known.first : added.first,
  };
}
