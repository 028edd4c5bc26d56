import type { Kysely } from 'kysely';
import type { State } from '../job/state.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** What became of an occurrence of a recurring job, or of a run by hand. */
export interface RecurringRun {
  /** 1 for the first that there ever was. */
  readonly number: number;
  /** When that was decided. */
  readonly at: Date;
  /** `skipped`: an earlier run had not ended. `missed`: no server was there to fire it in time. */
  readonly kind: 'fired' | 'by hand' | 'skipped' | 'missed';
  /** Undefined for a run by hand. Of those that were missed together, the first. */
  readonly occurrence: Date | undefined;
  /** Of those that were missed together, the last. */
  readonly until: Date | undefined;
  /** How many were missed together, counted up to 10,000. */
  readonly missed: number | undefined;
  readonly jobId: string | undefined;
  /** Of the job as it is now, or as it was when its row was removed; undefined if that is not known. */
  readonly state: State | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** The latest runs of a recurring job, the latest first. */
export async function recurringRuns(
  kysely: Kysely<Tables>,
  id: string,
  limit: number,
): Promise<readonly RecurringRun[]> {
  const rows = await kysely
    .selectFrom('recurringRuns')
    .leftJoin('jobs', 'jobs.id', 'recurringRuns.jobId')
    .selectAll('recurringRuns')
    .select(['jobs.state', 'jobs.startedAt as jobStartedAt', 'jobs.finishedAt'])
    .where('recurringRuns.recurringJobId', '=', id)
    .orderBy('recurringRuns.number', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    number: Number(row.number),
    at: instant(row.at),
    kind: row.kind,
    occurrence: instant(row.occurrence),
    until: instant(row.until),
    missed: row.missed ?? undefined,
    jobId: idOf(row.jobId),
    state: row.state ?? row.jobState ?? undefined,
    startedAt: instant(row.jobStartedAt ?? row.startedAt),
    endedAt: instant(row.finishedAt ?? row.endedAt),
    by: row.actedBy ?? undefined,
    reason: row.reason ?? undefined,
  }));
}
