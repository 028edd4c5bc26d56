import { sql } from 'kysely';
import type { Act } from '../job/transition.js';
import { parseSearch } from '../search/parse-search.js';
import { applyAct, type MovedJob } from './apply-act.js';
import { type BulkAct, toBulkAct } from './bulk-acts.js';
import { type Finding, findJobs } from './find-jobs.js';
import { type MatchesArgs, planWalk, type Walk } from './job-walk.js';
import { idOf } from './normalised.js';
import type { Reader } from './reader.js';
import type { Statement } from './statement.js';

/** More locks are held longer: so many jobs take some 50 ms. */
const BATCH = 1000;
/** A batch without enough matches ends here, so that progress is seen and a stop is heard. */
const BUDGET_MS = 500;

export interface Batch {
  readonly moved: readonly MovedJob[];
  /** How it stands after this batch. */
  readonly bulk: BulkAct;
  /** Nothing is left. */
  readonly isLast: boolean;
}

export interface BatchOptions {
  readonly id: string;
  readonly actOf: (kind: Act['kind']) => Act;
  readonly matchesArgs?: MatchesArgs | undefined;
}

/**
 * The next batch of an act on all matching jobs, inside one transaction: the jobs move and the place moves on together, or
 * neither does, so that whoever goes on after a crash does nothing twice. Undefined if it has ended, or another process is
 * at it: the lock on its row is held by one at a time.
 */
export async function carryOutBatch(tx: Reader, options: BatchOptions): Promise<Batch | undefined> {
  const row = await tx.kysely
    .selectFrom('bulkActs')
    .selectAll()
    .where('id', '=', options.id)
    .where('endedAt', 'is', null)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const bulk = toBulkAct(row);
  const walk = await walkOf(tx, bulk, options.matchesArgs);
  if (walk === undefined) return { moved: [], bulk, isLast: true };
  const place = row.place ?? undefined;
  const finding = await findJobs(tx, walk, { place, wanted: BATCH, budgetMs: BUDGET_MS });
  const moved = await applyTo(tx, { bulk, walk, act: options.actOf(bulk.act) }, finding);
  const counted = await advance(tx, bulk.id, { finding, applied: moved.length });
  return { moved, bulk: counted, isLast: finding.next === undefined };
}

async function walkOf(
  tx: Reader,
  { state, query }: BulkAct,
  matchesArgs: MatchesArgs | undefined,
): Promise<Walk | undefined> {
  const parsed = parseSearch(query);
  if ('problem' in parsed) throw new Error(`The search '${query}' cannot be read: ${parsed.problem.message}`);
  return planWalk(tx, { state, search: parsed.search, matchesArgs }, 'first');
}

interface Application {
  readonly bulk: BulkAct;
  readonly walk: Walk;
  readonly act: Act;
}

async function applyTo(
  tx: Reader,
  application: Application,
  { found }: Finding,
): Promise<readonly MovedJob[]> {
  if (found.length === 0) return [];
  const { act, bulk } = application;
  await tx.run(lockStatement, [found.map(({ id }) => id)]);
  const ids = await stillMeant(
    tx,
    application,
    found.map(({ id }) => id),
  );
  if (ids.length === 0) return [];
  const { by, reason, runAt, state } = bulk;
  return applyAct(tx, act, { ids, from: [state], by, reason, runAt });
}

/** In the order of ids, as every act locks jobs. What is seen of them afterwards stays so until the end of the transaction. */
const lockStatement: Statement = {
  name: 'lock-jobs',
  text: `select from firelock.jobs where id = any($1::bigint[]) order by id for update`,
};

/**
 * Of the jobs that are locked now, those that match, and have been in the state since before the start: of every attempt
 * that failed and every act of a person there is a transition; of the rest, the job's own instants tell. (That the job is
 * still in the state at all is what applyAct itself minds.) Without this a job
 * that fails again and again would be retried for ever, and one that is rescheduled would be met again at its new place.
 */
async function stillMeant(
  { kysely }: Reader,
  { bulk, walk }: Application,
  ids: readonly string[],
): Promise<readonly string[]> {
  const start = kysely.selectFrom('bulkActs').select('createdAt').where('id', '=', bulk.id);
  let query = kysely
    .selectFrom('jobs as job')
    .select('job.id')
    .where('job.id', 'in', ids)
    .where(walk.filter)
    .where(
      sql<boolean>`
        greatest(
          job.created_at, job.started_at, job.finished_at, case when job.state = 'enqueued' then job.run_at end
        ) <= ${start}`,
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('transitions')
            .select('transitions.id')
            .whereRef('transitions.jobId', '=', 'job.id')
            .where('transitions.at', '>', start),
        ),
      ),
    );
  for (const bound of walk.bounds) query = query.where(bound);
  return (await query.execute()).map(({ id }) => idOf(id));
}

async function advance(
  { kysely }: Reader,
  id: string,
  { finding, applied }: { readonly finding: Finding; readonly applied: number },
): Promise<BulkAct> {
  const row = await kysely
    .updateTable('bulkActs')
    .set((eb) => ({
      place: finding.next ?? null,
      seen: eb('seen', '+', String(finding.looked)),
      applied: eb('applied', '+', String(applied)),
      beatAt: eb.fn<Date>('clock_timestamp'),
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toBulkAct(row);
}
