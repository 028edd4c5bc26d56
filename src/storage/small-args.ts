import { type Kysely, sql } from 'kysely';
import { idOf } from './normalised.js';
import type { Tables } from './tables.js';

/** Larger ones would fill a list's answer. */
const SIZE_LIMIT = 20_000;

/** The args of jobs by their ids; large ones are missing. */
export async function smallArgs(
  kysely: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  if (ids.length === 0) return new Map();
  const rows = await kysely
    .selectFrom('jobs')
    .select(['id', 'args'])
    .where('id', 'in', ids)
    .where(sql<boolean>`pg_column_size(args) <= ${SIZE_LIMIT}`)
    .execute();
  return new Map(rows.map(({ id, args }) => [idOf(id), args]));
}
