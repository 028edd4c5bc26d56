import { type Kysely, sql } from 'kysely';
import type { ErrorRecord } from '../job/error-record.js';
import type { State } from '../job/state.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** The latest failed attempt of a job, after which another one was planned. */
export interface LatestFailure {
  readonly jobId: string;
  readonly name: string;
  /** Where the job is by now. */
  readonly state: State;
  readonly at: Date;
  readonly attempt: number;
  readonly attemptLimit: number;
  readonly error: Pick<ErrorRecord, 'name' | 'message'>;
}

/** How far back it looks: a bound for a history of acts without failures. */
const TRANSITIONS_SEEN = 1000;

/** The jobs whose attempts failed last, the latest first. Errors may be large: only those that are shown are read. */
export async function latestFailures(
  kysely: Kysely<Tables>,
  limit: number,
): Promise<readonly LatestFailure[]> {
  const rows = await kysely
    .selectFrom(latestIds(kysely, limit).as('latest'))
    .innerJoin('transitions', 'transitions.id', 'latest.id')
    .innerJoin('jobs', 'jobs.id', 'transitions.jobId')
    .select([
      'jobs.id',
      'jobs.name',
      'jobs.state',
      'jobs.attemptLimit',
      'transitions.at',
      'transitions.attempt',
    ])
    .select([
      sql<string>`error ->> 'name'`.as('errorName'),
      sql<string>`left(error ->> 'message', 500)`.as('message'),
    ])
    .orderBy('latest.id', 'desc')
    .execute();
  return rows.map(({ id, at, errorName, message, ...row }) => ({
    ...row,
    jobId: idOf(id),
    at: instant(at),
    error: { name: errorName, message },
  }));
}

/** The latest failure of each job, among the latest transitions of all. */
function latestIds(kysely: Kysely<Tables>, limit: number) {
  const recent = kysely
    .selectFrom('transitions')
    .select(['id', 'jobId', 'toState'])
    .orderBy('id', 'desc')
    .limit(TRANSITIONS_SEEN);
  return kysely
    .selectFrom(recent.as('recent'))
    .select((eb) => eb.fn.max('recent.id').as('id'))
    .where('toState', '=', 'failed')
    .groupBy('jobId')
    .orderBy('id', 'desc')
    .limit(limit);
}
