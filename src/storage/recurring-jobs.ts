import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import type { ErrorRecord } from '../job/error-record.js';
import { type Priority, priorityOfRank } from '../job/priority.js';
import type { State } from '../job/state.js';
import type { MisfirePolicy } from '../schedule/misfire.js';
import type { OverlapPolicy } from '../schedule/overlap.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** A job that is enqueued by a schedule, as it stands: an override counts. Durations are milliseconds. */
export interface RecurringJob {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  readonly queue: string;
  readonly priority: Priority;
  /** A cron expression, or what `every` and `at` write. */
  readonly schedule: string;
  readonly timeZone: string;
  readonly startAt: Date | undefined;
  readonly endAt: Date | undefined;
  readonly calendars: readonly string[];
  readonly jitterMs: number;
  readonly misfire: MisfirePolicy;
  readonly misfireGraceMs: number;
  readonly misfireLimit: number;
  readonly overlap: OverlapPolicy;
  readonly toleranceMs: number;
  readonly definition: RecurringJobDefinition;
  readonly override: RecurringJobOverride | undefined;
  readonly pause: RecurringJobPause | undefined;
  /** The next instant of the schedule, also while it is paused; undefined if it never fires again. */
  readonly nextRunAt: Date | undefined;
  /** The next run is later than its tolerance allows: no server fires it. */
  readonly isLate: boolean;
  /** An occurrence that waits for an earlier run to end. */
  readonly pending: Date | undefined;
  /** Why the next run cannot be computed. */
  readonly error: ErrorRecord | undefined;
  /** Whether some running server has a handler for it; undefined while none runs at all. */
  readonly hasHandler: boolean | undefined;
  readonly lastRunAt: Date | undefined;
  readonly lastJobId: string | undefined;
  /** Of that job, or as it was when its row expired. */
  readonly lastState: State | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What code says. */
export interface RecurringJobDefinition {
  readonly schedule: string;
  readonly timeZone: string;
  readonly args: unknown;
  readonly queue: string;
  /** When code said so last, and the program that did. */
  readonly at: Date;
  readonly program: string | undefined;
  /** A later start of the same program has defined others, but not this one any more. */
  readonly hasVanished: boolean;
}

/** What a person has said instead: of what is undefined, the definition counts. */
export interface RecurringJobOverride {
  readonly schedule: string | undefined;
  readonly timeZone: string | undefined;
  readonly args: unknown;
  readonly queue: string | undefined;
  readonly at: Date;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

export interface RecurringJobPause {
  readonly at: Date;
  /** Undefined: until it is resumed. */
  readonly until: Date | undefined;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** All recurring jobs, the next to fire first. */
export async function listRecurringJobs(kysely: Kysely<Tables>): Promise<readonly RecurringJob[]> {
  const rows = await recurringJobs(kysely)
    .orderBy('recurringJobs.nextRunAt', (order) => order.asc().nullsLast())
    .orderBy('recurringJobs.id')
    .execute();
  return rows.map(toRecurringJob);
}

/** Those that fire next, at most so many. */
export async function nextRecurringJobs(
  kysely: Kysely<Tables>,
  limit: number,
): Promise<readonly RecurringJob[]> {
  const next = kysely
    .selectFrom('recurringJobs')
    .select('id')
    .where('nextRunAt', 'is not', null)
    .orderBy('nextRunAt')
    .orderBy('id')
    .limit(limit);
  const rows = await recurringJobs(kysely)
    .where('recurringJobs.id', 'in', next)
    .orderBy('recurringJobs.nextRunAt')
    .orderBy('recurringJobs.id')
    .execute();
  return rows.map(toRecurringJob);
}

export async function findRecurringJob(
  kysely: Kysely<Tables>,
  id: string,
): Promise<RecurringJob | undefined> {
  const row = await recurringJobs(kysely).where('recurringJobs.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toRecurringJob(row);
}

/** A program that starts defines what it has within a minute: what it defines later is the work of its users. */
const STARTUP = sql`interval '1 minute'`;

/** A later start of the same program has defined others, a while ago, and not this one. */
const hasVanished = sql<boolean>`
  recurring_jobs.defined_at < recurring_jobs.definer_since + ${STARTUP}
  and exists (
    select from others
    where others.defined_by = recurring_jobs.defined_by
      and others.definer_since > recurring_jobs.defined_at
      and others.definer_since < now() - ${STARTUP}
  )`;

const isLate = sql<boolean>`
  recurring_jobs.next_run_at < now() - recurring_jobs.tolerance_ms * interval '1 millisecond'
  and recurring_jobs.paused_at is null`;

/** Null while no server runs. */
const hasHandler = sql<boolean | null>`
  case
    when exists (select from running)
    then recurring_jobs.name in (select jsonb_array_elements_text(job_names) from running)
  end`;

/** What is asked of other recurring jobs and of servers is materialized: a few rows, instead of all of them for each row. */
function recurringJobs(kysely: Kysely<Tables>) {
  return kysely
    .with(
      (cte) => cte('others').materialized(),
      (db) => db.selectFrom('recurringJobs').select(['definedBy', 'definerSince']).distinct(),
    )
    .with(
      (cte) => cte('running').materialized(),
      (db) => db.selectFrom('servers').select('jobNames').where('state', '=', 'running'),
    )
    .selectFrom('recurringJobs')
    .leftJoinLateral(lastRun, (join) => join.onTrue())
    .selectAll('recurringJobs')
    .select(['last.lastRunAt', 'last.lastJobId', 'last.lastState'])
    .select([hasVanished.as('hasVanished'), isLate.as('isLate'), hasHandler.as('hasHandler')]);
}

function lastRun(eb: ExpressionBuilder<Tables, 'recurringJobs'>) {
  return eb
    .selectFrom('recurringRuns')
    .leftJoin('jobs', 'jobs.id', 'recurringRuns.jobId')
    .select((run) => [
      'recurringRuns.at as lastRunAt',
      'recurringRuns.jobId as lastJobId',
      run.fn.coalesce('jobs.state', 'recurringRuns.jobState').as('lastState'),
    ])
    .whereRef('recurringRuns.recurringJobId', '=', 'recurringJobs.id')
    .where('recurringRuns.jobId', 'is not', null)
    .orderBy('recurringRuns.number', 'desc')
    .limit(1)
    .as('last');
}

interface Row extends Selectable<Tables['recurringJobs']> {
  readonly hasVanished: boolean;
  readonly hasHandler: boolean | null;
  readonly isLate: boolean | null;
  readonly lastRunAt: Date | null;
  readonly lastJobId: string | number | bigint | null;
  readonly lastState: State | null;
}

function toRecurringJob(row: Row): RecurringJob {
  return {
    id: row.id,
    name: row.name,
    args: row.overrideArgs ?? row.args,
    queue: row.overrideQueue ?? row.queue,
    priority: priorityOfRank(row.priority),
    schedule: row.overrideSchedule ?? row.schedule,
    timeZone: row.overrideTimeZone ?? row.timeZone,
    startAt: instant(row.startAt),
    endAt: instant(row.endAt),
    calendars: row.calendars,
    jitterMs: row.jitterMs,
    misfire: row.misfire,
    misfireGraceMs: row.misfireGraceMs,
    misfireLimit: row.misfireLimit,
    overlap: row.overlap,
    toleranceMs: row.toleranceMs,
    definition: definitionOf(row),
    override: overrideOf(row),
    pause: pauseOf(row),
    nextRunAt: instant(row.nextRunAt),
    isLate: row.isLate === true,
    pending: instant(row.pending),
    error: row.error ?? undefined,
    hasHandler: row.hasHandler ?? undefined,
    lastRunAt: instant(row.lastRunAt),
    lastJobId: idOf(row.lastJobId),
    lastState: row.lastState ?? undefined,
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}

function definitionOf(row: Row): RecurringJobDefinition {
  const { schedule, timeZone, args, queue, definedAt, definedBy, hasVanished } = row;
  return {
    schedule,
    timeZone,
    args,
    queue,
    at: instant(definedAt),
    program: definedBy ?? undefined,
    hasVanished,
  };
}

function overrideOf(row: Row): RecurringJobOverride | undefined {
  if (row.overriddenAt === null) return undefined;
  return {
    schedule: row.overrideSchedule ?? undefined,
    timeZone: row.overrideTimeZone ?? undefined,
    args: row.overrideArgs ?? undefined,
    queue: row.overrideQueue ?? undefined,
    at: instant(row.overriddenAt) ?? row.updatedAt,
    by: row.overriddenBy ?? undefined,
    reason: row.overrideReason ?? undefined,
  };
}

function pauseOf(row: Row): RecurringJobPause | undefined {
  const at = instant(row.pausedAt);
  if (at === undefined) return undefined;
  return {
    at,
    until: instant(row.pausedUntil),
    by: row.pausedBy ?? undefined,
    reason: row.pauseReason ?? undefined,
  };
}
