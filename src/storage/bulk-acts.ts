import type { Kysely, Selectable } from 'kysely';
import type { Act } from '../job/transition.js';
import type { State } from '../job/state.js';
import { idOf, instant } from './normalised.js';
import type { Executor, Statement } from './statement.js';
import type { Tables } from './tables.js';

/** After so long without a batch, nobody is at it any more: a batch takes a second at most. */
export const ABANDONED_MS = 10_000;

/** An act on all jobs that match a search. */
export interface BulkAct {
  readonly id: string;
  readonly act: Act['kind'];
  readonly state: State;
  /** The search, as `formatSearch` writes it; times in it are instants. */
  readonly query: string;
  /** The instant that jobs are rescheduled for. */
  readonly runAt: Date | undefined;
  readonly by: string;
  readonly reason: string | undefined;
  readonly createdAt: Date;
  /** When the latest batch was done. */
  readonly beatAt: Date;
  /** How many matched when it started, if they could be counted. */
  readonly expected: number | undefined;
  /** How many jobs were looked at, and how many the act was applied to. */
  readonly seen: number;
  readonly applied: number;
  readonly endedAt: Date | undefined;
  readonly ending: BulkEnding | undefined;
  readonly error: string | undefined;
}

export type BulkEnding = 'finished' | 'stopped' | 'failed';

/** What is known of an act before it starts. */
export interface NewBulkAct
  extends Pick<BulkAct, 'act' | 'state' | 'query' | 'runAt' | 'by' | 'reason' | 'expected'> {}

/** The act on all matching jobs as it stands, or undefined if there is none. */
export async function findBulkAct(kysely: Kysely<Tables>, id: string): Promise<BulkAct | undefined> {
  if (!isId(id)) return undefined;
  const row = await kysely.selectFrom('bulkActs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toBulkAct(row);
}

/** The latest acts on all matching jobs, the latest first. */
export async function listBulkActs(kysely: Kysely<Tables>, limit: number): Promise<readonly BulkAct[]> {
  const rows = await kysely.selectFrom('bulkActs').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toBulkAct);
}

/** Writes down what is to be done; answers its id. */
export async function insertBulkAct(kysely: Kysely<Tables>, act: NewBulkAct): Promise<string> {
  const { runAt, by, reason = null, expected, ...facts } = act;
  const { id } = await kysely
    .insertInto('bulkActs')
    .values({
      ...facts,
      actedBy: by,
      reason,
      expected: expected === undefined ? null : String(expected),
      change: runAt === undefined ? null : JSON.stringify({ runAt }),
      seen: '0',
      applied: '0',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return idOf(id);
}

/** Takes over an act that nobody is at any more; answers whether it is this process's now. */
export async function takeOver(executor: Executor, id: string): Promise<boolean> {
  return isId(id) && (await executor.run(takeOverStatement, [id, ABANDONED_MS])).length === 1;
}

/** Of two that take it over at once, the second waits for the first and sees its beat. */
const takeOverStatement: Statement = {
  name: 'take-over-bulk-act',
  text: `
    update firelock.bulk_acts set beat_at = clock_timestamp()
    where id = $1 and ended_at is null and beat_at < clock_timestamp() - $2::double precision * interval '1 millisecond'
    returning id`,
};

/** Ends it, once the batch under way is done; answers how it stands then, or undefined if it had ended before. */
export async function endBulkAct(
  kysely: Kysely<Tables>,
  id: string,
  { ending, error }: { readonly ending: BulkEnding; readonly error?: string | undefined },
): Promise<BulkAct | undefined> {
  if (!isId(id)) return undefined;
  const row = await kysely
    .updateTable('bulkActs')
    .set((eb) => ({ endedAt: eb.fn<Date>('clock_timestamp'), ending, error: error ?? null }))
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : toBulkAct(row);
}

export function toBulkAct(row: Selectable<Tables['bulkActs']>): BulkAct {
  // Written by insertBulkAct.
  const change = row.change as { readonly runAt: string } | null;
  return {
    id: idOf(row.id),
    // Only acts of this kind are written.
    act: row.act as Act['kind'],
    state: row.state,
    query: row.query,
    runAt: change === null ? undefined : new Date(change.runAt),
    by: row.actedBy,
    reason: row.reason ?? undefined,
    createdAt: instant(row.createdAt),
    beatAt: instant(row.beatAt),
    expected: row.expected === null ? undefined : Number(row.expected),
    seen: Number(row.seen),
    applied: Number(row.applied),
    endedAt: instant(row.endedAt),
    ending: row.ending ?? undefined,
    error: row.error ?? undefined,
  };
}

/** An id comes from an address bar: what Postgres could not cast must not reach it. */
function isId(id: string): boolean {
  return /^\d{1,18}$/.test(id);
}
