import { type RawBuilder, sql } from 'kysely';
import { instantOf } from '../search/moment.js';
import { type Condition, conditionOn, type Search, type TimeCondition } from '../search/search.js';
import { firstJobSince } from './first-job-since.js';
import { isById, isByTime, type JobList } from './job-order.js';
import type { Reader } from './reader.js';
import { timeTest } from './search-filter.js';

/**
 * A job's created_at is the start of the transaction that inserted it, its id the order of insertion. Jobs of transactions
 * that were open for longer than this before they inserted may be missed at the borders of a time.
 */
const TRANSACTION_MS = 2000;

/** The part of a search that the list's index serves, as tests of its rows: what is outside is not even looked at. */
export async function indexBounds(
  reader: Reader,
  search: Search,
  { list, now }: { readonly list: JobList; readonly now: Date },
): Promise<readonly RawBuilder<boolean>[]> {
  if (list.state === 'enqueued') return only(sql`job.queue`, theOne(search, 'queue'));
  const times = search.conditions.filter(isTime);
  if (isByTime(list)) return times.map((time) => timeTest(time, { list, now }));
  if (!isById(list)) return [];
  const ids = await Promise.all(times.map((time) => idBound(reader, time, now)));
  return list.state === undefined
    ? [...ids, ...only(sql`job.recurring_job_id`, theOne(search, 'recurring'))]
    : ids;
}

/** Whether the bounds are all that there is to a condition. */
export function isBound(condition: Condition, list: JobList): boolean {
  return isTime(condition) && isByTime(list);
}

function isTime(condition: Condition): condition is TimeCondition {
  return 'moment' in condition;
}

async function idBound(
  reader: Reader,
  { on, moment }: TimeCondition,
  now: Date,
): Promise<RawBuilder<boolean>> {
  const at = instantOf(moment, now);
  if (on === 'after') return sql`job.id >= ${await firstJobSince(reader, at)}::bigint`;
  const end = new Date(at.getTime() + TRANSACTION_MS);
  return sql`job.id < ${await firstJobSince(reader, end)}::bigint`;
}

/** The one text that is asked for. Of several, the index would not give the rows in the list's order. */
function theOne(search: Search, on: 'queue' | 'recurring'): string | undefined {
  const values = conditionOn(search, on)?.values;
  const [pattern] = values ?? [];
  return values?.length === 1 && pattern?.length === 1 ? pattern[0] : undefined;
}

function only(column: RawBuilder<unknown>, text: string | undefined): readonly RawBuilder<boolean>[] {
  return text === undefined ? [] : [sql<boolean>`${column} = ${text}`];
}
