import { errorKind } from '../search/error-kind.js';
import { formatSearch } from '../search/format-search.js';
import type { Condition, Pattern } from '../search/search.js';
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
  /** How many dead letters were looked at: the latest, up to 5000. */
  readonly looked: number;
}

const LOOKED = 5000;
/** What errors have in common stands at their beginning; so much of it is compared. */
const COMPARED = 200;

/** The latest dead letters by name and error. */
export async function groupDeadLetters(executor: Executor): Promise<DeadLetterGroups> {
  const rows = await executor.run<SameError>(statement, [LOOKED, COMPARED]);
  const kinds = new Map<string, SameKind>();
  for (const row of rows) {
    const kind = row.error === null ? undefined : errorKind(row.error);
    const key = JSON.stringify([row.name, kind]);
    kinds.set(key, together(kinds.get(key), { ...row, kind }));
  }
  return {
    groups: [...kinds.values()].toSorted((left, right) => right.count - left.count).map(groupOf),
    looked: rows.reduce((sum, { count }) => sum + count, 0),
  };
}

interface SameError {
  readonly name: string;
  readonly error: string | null;
  readonly count: number;
  /** Milliseconds since the epoch: ten thousand Dates would take longer to read than the rest. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly example: string;
}

interface SameKind extends Omit<SameError, 'error'> {
  readonly kind: Pattern | undefined;
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
      name, error, count(*)::integer as count,
      date_part('epoch', min(finished_at)) * 1000 as "firstMs",
      date_part('epoch', max(finished_at)) * 1000 as "lastMs",
      max(id)::text as example
    from latest
    group by name, error`,
};

function together(known: SameKind | undefined, added: SameKind): SameKind {
  if (known === undefined) return added;
  return {
    ...(known.lastMs < added.lastMs ? added : known),
    count: known.count + added.count,
    firstMs: Math.min(known.firstMs, added.firstMs),
  };
}

function groupOf({ name, kind, count, firstMs, lastMs, example }: SameKind): DeadLetterGroup {
  const conditions: Condition[] = [{ on: 'name', isNegated: false, values: [[name]] }];
  if (kind !== undefined) conditions.push({ on: 'error', isNegated: false, values: [kind] });
  return {
    name,
    error: kind?.join('*'),
    count,
    first: new Date(firstMs),
    last: new Date(lastMs),
    example,
    search: formatSearch({ conditions }),
  };
}
