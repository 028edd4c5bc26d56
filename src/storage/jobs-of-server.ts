import type { Kysely } from 'kysely';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** A job that a server is running. */
export interface JobOfServer {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly attempt: number;
  readonly startedAt: Date;
}

/** The jobs that a server is running, at most so many: those that run longest, first. */
export async function jobsOfServer(
  kysely: Kysely<Tables>,
  serverId: string,
  limit: number,
): Promise<readonly JobOfServer[]> {
  const rows = await kysely
    .selectFrom('jobs')
    .select(['id', 'name', 'queue', 'attempt', 'startedAt'])
    .where('state', '=', 'processing')
    .where('serverId', '=', serverId)
    .$narrowType<{ startedAt: Date }>()
    .orderBy('startedAt')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, startedAt, ...row }) => ({ ...row, id: idOf(id), startedAt: instant(startedAt) }));
}
