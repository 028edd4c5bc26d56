import type { Kysely } from 'kysely';
import type { State } from '../job/state.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** A job that another job's handler has enqueued. */
export interface Descendant {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly state: State;
  readonly attempt: number;
  readonly createdAt: Date;
  readonly runAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** The beginning of what its latest attempt failed with. */
  readonly lastError: string | undefined;
}

/** The jobs that the handler of this one has enqueued, the oldest first. */
export async function jobsOf(
  kysely: Kysely<Tables>,
  originId: string,
  limit: number,
): Promise<readonly Descendant[]> {
  const rows = await kysely
    .selectFrom('jobs')
    .select(['id', 'name', 'queue', 'state', 'attempt', 'createdAt', 'runAt', 'finishedAt', 'lastError'])
    .where('originId', '=', originId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...row,
    id: idOf(row.id),
    createdAt: instant(row.createdAt),
    runAt: instant(row.runAt),
    finishedAt: instant(row.finishedAt),
    lastError: row.lastError ?? undefined,
  }));
}
