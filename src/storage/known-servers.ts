import type { Kysely } from 'kysely';
import { idOf } from './normalised.js';
import type { Tables } from './tables.js';

/** What is said of a server where a job names it. */
export interface KnownServer {
  readonly name: string;
  /** Whether it is alive, as far as the others know. */
  readonly isRunning: boolean;
}

/** Servers by their ids; those that are forgotten by now are missing. */
export async function knownServers(
  kysely: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KnownServer>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await kysely
    .selectFrom('servers')
    .select(['id', 'name', 'state'])
    .where('id', 'in', wanted)
    .execute();
  return new Map(rows.map(({ id, name, state }) => [idOf(id), { name, isRunning: state === 'running' }]));
}
