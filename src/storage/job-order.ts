import { type RawBuilder, sql } from 'kysely';
import type { State } from '../job/state.js';

interface Column {
  readonly name: string;
  readonly type: 'bigint' | 'text' | 'smallint' | 'timestamptz';
}

/** The order in which the jobs of a state are listed: that of the index which serves the state. */
interface JobOrder {
  readonly columns: readonly Column[];
  readonly direction: 'asc' | 'desc';
}

const id: Column = { name: 'id', type: 'bigint' };
const byRunAt: JobOrder = { columns: [{ name: 'run_at', type: 'timestamptz' }, id], direction: 'asc' };
const byEnd: JobOrder = { columns: [{ name: 'finished_at', type: 'timestamptz' }, id], direction: 'desc' };

const orders: Readonly<Record<State, JobOrder>> = {
  awaiting: { columns: [id], direction: 'asc' },
  scheduled: byRunAt,
  // in the order in which they will be claimed
  enqueued: {
    columns: [{ name: 'queue', type: 'text' }, { name: 'priority', type: 'smallint' }, id],
    direction: 'asc',
  },
  processing: { columns: [{ name: 'server_id', type: 'bigint' }, id], direction: 'asc' },
  failed: byRunAt,
  succeeded: byEnd,
  dead: byEnd,
  deleted: byEnd,
};

/** The `order by` of a state's list. */
export function orderOf(state: State): RawBuilder<unknown> {
  const { columns, direction } = orders[state];
  return sql.join(columns.map(({ name }) => sql`${sql.ref(name)} ${sql.raw(direction)}`));
}

/** A row's place in its state's list, as text; exact to the microsecond, which a Date is not. */
export function placeOf(state: State): RawBuilder<string> {
  return sql<string>`json_build_array(${keysOf(state)})::text`;
}

/**
 * The rows that come after a place: keyset paging, so that no page is slower than the first. Undefined for a place that is
 * not one of this state's.
 */
export function after(state: State, place: string): RawBuilder<boolean> | undefined {
  const { columns, direction } = orders[state];
  const values = parsePlace(place);
  if (values.length !== columns.length || !columns.every(({ type }, index) => fits(type, values[index])))
    return undefined;
  const limits = sql.join(columns.map(({ type }, index) => sql`${values[index]}::text::${sql.raw(type)}`));
  return sql<boolean>`(${keysOf(state)}) ${sql.raw(direction === 'asc' ? '>' : '<')} (${limits})`;
}

function keysOf(state: State): RawBuilder<unknown> {
  return sql.join(orders[state].columns.map(({ name }) => sql.ref(name)));
}

function parsePlace(place: string): readonly string[] {
  try {
    const values: unknown = JSON.parse(place);
    return Array.isArray(values) ? values.map(String) : [];
  } catch {
    return [];
  }
}

/** A place comes from an address bar: what Postgres could not cast must not reach it. */
function fits(type: Column['type'], value: string | undefined): boolean {
  if (value === undefined) return false;
  if (type === 'text') return !value.includes('\0') && value.isWellFormed();
  if (type === 'timestamptz') return !Number.isNaN(Date.parse(value));
  return type === 'smallint' ? /^\d{1,4}$/.test(value) : /^\d{1,18}$/.test(value);
}
