import { type Kysely, sql } from 'kysely';
import type { ErrorRecord } from '../job/error-record.js';
import type { State } from '../job/state.js';
import { after, orderOf, placeOf } from './job-order.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** What a list shows of a job: never the whole of its args, and not its result. */
export interface JobSummary {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly state: State;
  readonly attempt: number;
  readonly attemptLimit: number;
  /** How often a server was lost while it ran the job. */
  readonly recoveries: number;
  /** The first characters of the args' JSON. */
  readonly argsPreview: string;
  readonly runAt: Date | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly serverId: string | undefined;
  /** The latest error, for failed and dead jobs. */
  readonly error: ErrorSummary | undefined;
}

/** The beginning of an error. */
type ErrorSummary = Pick<ErrorRecord, 'name' | 'message' | 'code'>;

export interface JobPage {
  readonly jobs: readonly JobSummary[];
  /** Give it as `place` to see the page that follows; undefined on the last. */
  readonly next: string | undefined;
}

export interface JobListQuery {
  readonly state: State;
  /** `next` of the page before; one that is not understood shows the first page. */
  readonly place?: string | undefined;
  readonly limit: number;
}

/** One page of the jobs in a state, in the order of the index that serves it. */
export async function listJobs(
  kysely: Kysely<Tables>,
  { state, place, limit }: JobListQuery,
): Promise<JobPage> {
  const condition = place === undefined ? undefined : after(state, place);
  let query = kysely
    .selectFrom('jobs')
    .select(['id', 'name', 'queue', 'state', 'attempt', 'attemptLimit', 'recoveries', 'runAt', 'createdAt'])
    .select(['startedAt', 'finishedAt', 'serverId', sql<string>`left(args::text, 160)`.as('argsPreview')])
    .select(placeOf(state).as('place'))
    // A literal, not a parameter: only then does the planner see that a partial index serves it.
    .where('state', '=', sql.lit(state))
    .orderBy(orderOf(state))
    .limit(limit + 1);
  if (condition !== undefined) query = query.where(condition);
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const errors =
    state === 'failed' || state === 'dead'
      ? await latestErrors(
          kysely,
          page.map((row) => idOf(row.id)),
        )
      : null;
  const jobs = page.map(({ place: _place, ...row }) => ({
    ...row,
    id: idOf(row.id),
    createdAt: instant(row.createdAt),
    runAt: instant(row.runAt),
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    serverId: idOf(row.serverId),
    error: errors?.get(idOf(row.id)),
  }));
  return { jobs, next: rows.length > limit ? page.at(-1)?.place : undefined };
}

async function latestErrors(
  kysely: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ErrorSummary>> {
  const rows = await kysely
    .selectFrom('transitions')
    .distinctOn('jobId')
    .select([
      'jobId',
      sql<string>`error ->> 'name'`.as('name'),
      sql<string>`left(error ->> 'message', 500)`.as('message'),
      sql<string | null>`error ->> 'code'`.as('code'),
    ])
    .where('jobId', 'in', ids.length === 0 ? ['0'] : ids)
    .where('error', 'is not', null)
    .orderBy('jobId')
    .orderBy('id', 'desc')
    .execute();
  return new Map(
    rows.map(({ jobId, code, ...error }) => [idOf(jobId), code === null ? error : { ...error, code }]),
  );
}
