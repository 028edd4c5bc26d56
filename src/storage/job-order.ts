import { type RawBuilder, sql } from 'kysely';
import type { State } from '../job/state.js';

interface Column {
  readonly name: string;
  readonly type: 'bigint' | 'text' | 'smallint' | 'timestamptz';
}

/** Which end of a list comes first. */
export type Direction = 'first' | 'reversed';

/** The order in which jobs are listed: that of the index which serves them. */
interface JobOrder {
  readonly columns: readonly Column[];
  readonly direction: 'asc' | 'desc';
  /** The column that after: and before: ask about, and that tells how far back a search has looked. */
  readonly time: 'created_at' | 'run_at' | 'started_at' | 'finished_at';
}

/** A list: the jobs of a state, or of any. */
export interface JobList {
  readonly state: State | undefined;
  readonly order: Direction;
}

const id: Column = { name: 'id', type: 'bigint' };
const byId: JobOrder = { columns: [id], direction: 'asc', time: 'created_at' };
const byRunAt: JobOrder = byTime('run_at', 'asc');
const byEnd: JobOrder = byTime('finished_at', 'desc');

const orders: Readonly<Record<State, JobOrder>> = {
  awaiting: byId,
  scheduled: byRunAt,
  // in the order in which they will be claimed
  enqueued: {
    columns: [{ name: 'queue', type: 'text' }, { name: 'priority', type: 'smallint' }, id],
    direction: 'asc',
    time: 'created_at',
  },
  // No index has this order: there are no more of them than slots, so they are sorted.
  processing: byTime('started_at', 'asc'),
  failed: byRunAt,
  succeeded: byEnd,
  dead: byEnd,
  deleted: byEnd,
};

/** Jobs of any state: ids grow with the instant of creation. */
const newestFirst: JobOrder = { ...byId, direction: 'desc' };

/** The `order by` of a list. */
export function orderOf(list: JobList): RawBuilder<unknown> {
  const direction = sql.raw(directionOf(list));
  return sql.join(orderIn(list).columns.map(({ name }) => sql`${sql.ref(name)} ${direction}`));
}

/** A row's place in its list, as text; exact to the microsecond, which a Date is not. */
export function placeOf(list: JobList): RawBuilder<string> {
  return sql<string>`json_build_array(${keysOf(list)})::text`;
}

export function timeOf(list: Pick<JobList, 'state'>): JobOrder['time'] {
  return orderIn(list).time;
}

/** Whether the list's index begins with its time, so that bounds of time are bounds of the index. */
export function isByTime(list: Pick<JobList, 'state'>): boolean {
  const { columns, time } = orderIn(list);
  return columns[0]?.name === time;
}

/** Whether the list is in the order of creation, so that bounds of time are bounds of the ids. */
export function isById(list: Pick<JobList, 'state'>): boolean {
  return orderIn(list).columns[0] === id;
}

/**
 * The rows that come after a place: keyset paging, so that no page is slower than the first. Undefined for a place that is
 * not one of this list's.
 */
export function after(list: JobList, place: string): RawBuilder<boolean> | undefined {
  const { columns } = orderIn(list);
  const values = parsePlace(place);
  if (values.length !== columns.length || !columns.every(({ type }, index) => fits(type, values[index])))
    return undefined;
  const limits = sql.join(columns.map(({ type }, index) => sql`${values[index]}::text::${sql.raw(type)}`));
  return sql<boolean>`(${keysOf(list)}) ${sql.raw(directionOf(list) === 'asc' ? '>' : '<')} (${limits})`;
}

/** The columns that a list is ordered by. */
function keysOf(list: JobList): RawBuilder<unknown> {
  return sql.join(orderIn(list).columns.map(({ name }) => sql.ref(name)));
}

function byTime(time: JobOrder['time'], direction: JobOrder['direction']): JobOrder {
  return { columns: [{ name: time, type: 'timestamptz' }, id], direction, time };
}

function orderIn({ state }: Pick<JobList, 'state'>): JobOrder {
  return state === undefined ? newestFirst : orders[state];
}

function directionOf(list: JobList): JobOrder['direction'] {
  const { direction } = orderIn(list);
  if (list.order === 'first') return direction;
  return direction === 'asc' ? 'desc' : 'asc';
}

function parsePlace(place: string): readonly string[] {
  try {
    const values: unknown = JSON.parse(place);
    return Array.isArray(values) ? values.map(String) : [];
  } catch {
    return [];
  }
}

/** As Postgres writes an instant in JSON; Date.parse alone takes `foo 1` for one. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/;

/** A place comes from an address bar: what Postgres could not cast must not reach it. */
function fits(type: Column['type'], value: string | undefined): boolean {
  if (value === undefined) return false;
  if (type === 'text') return !value.includes('\0') && value.isWellFormed();
  if (type === 'timestamptz') return INSTANT.test(value) && !Number.isNaN(Date.parse(value));
  return type === 'smallint' ? /^\d{1,4}$/.test(value) : /^\d{1,18}$/.test(value);
}
