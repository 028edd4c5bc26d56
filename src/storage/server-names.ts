import type { Kysely } from 'kysely';
import { idOf } from './normalised.js';
import type { Tables } from './tables.js';

/** The names of servers by their ids; those that are forgotten by now are missing. */
export async function serverNames(
  kysely: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await kysely.selectFrom('servers').select(['id', 'name']).where('id', 'in', wanted).execute();
  return new Map(rows.map(({ id, name }) => [idOf(id), name]));
}
