import type { Kysely, Selectable } from 'kysely';
import { type Priority, priorityOfRank } from '../job/priority.js';
import { idOf, instant } from './normalised.js';
import type { Executor, Statement } from './statement.js';
import type { Tables } from './tables.js';

/** A job that is enqueued by a schedule. */
export interface RecurringJob {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  readonly queue: string;
  readonly priority: Priority;
  /** A cron expression. */
  readonly schedule: string;
  readonly timeZone: string;
  /** The next instant of the schedule; undefined if it never fires again. */
  readonly nextRunAt: Date | undefined;
  readonly lastRunAt: Date | undefined;
  readonly lastJobId: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface RecurringDefinition {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly args: string;
  readonly queue: string;
  readonly priority: number;
  readonly attemptLimit: number;
  readonly schedule: string;
  readonly timeZone: string;
}

/** Reads the database's clock. */
export async function databaseNow(executor: Executor): Promise<Date> {
  const [row] = await executor.run<{ ms: number }>(nowStatement);
  return new Date(Math.round(row?.ms ?? Number.NaN));
}

const nowStatement: Statement = {
  name: 'now',
  text: `select date_part('epoch', clock_timestamp()) * 1000 as ms`,
};

/**
 * Creates or replaces a recurring job. Its next instant is replaced only when the schedule or the zone changed: deploying
 * the same definition again must neither skip nor repeat an occurrence.
 */
export async function upsertRecurringJob(
  executor: Executor,
  definition: RecurringDefinition,
  nextRunAt: Date | undefined,
): Promise<void> {
  const { id, name, args, queue, priority, attemptLimit, schedule, timeZone } = definition;
  const values = [id, name, args, queue, priority, attemptLimit, schedule, timeZone, nextRunAt ?? null];
  await executor.run(upsertStatement, values);
}

const upsertStatement: Statement = {
  name: 'upsert-recurring-job',
  text: `
    insert into firelock.recurring_jobs as known (
      id, name, args, queue, priority, attempt_limit, schedule, time_zone, next_run_at
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (id) do update set
      name = excluded.name,
      args = excluded.args,
      queue = excluded.queue,
      priority = excluded.priority,
      attempt_limit = excluded.attempt_limit,
      schedule = excluded.schedule,
      time_zone = excluded.time_zone,
      next_run_at = case
        when known.schedule = excluded.schedule and known.time_zone = excluded.time_zone then known.next_run_at
        else excluded.next_run_at
      end,
      updated_at = now()`,
};

/** Milliseconds until the next recurring job is due, by the database's clock; null if none will ever be. */
export async function nextRecurringInMs(executor: Executor): Promise<number | null> {
  const [row] = await executor.run<{ ms: number | null }>(nextStatement);
  return row?.ms ?? null;
}

const nextStatement: Statement = {
  name: 'next-recurring-job',
  text: `
    select date_part('epoch', min(next_run_at) - clock_timestamp()) * 1000 as ms
    from firelock.recurring_jobs`,
};

/** Removes a recurring job; the jobs that it enqueued stay. False if there was none. */
export async function deleteRecurringJob(executor: Executor, id: string): Promise<boolean> {
  return (await executor.run(deleteStatement, [id])).length === 1;
}

const deleteStatement: Statement = {
  name: 'delete-recurring-job',
  text: `delete from firelock.recurring_jobs where id = $1 returning id`,
};

/** All recurring jobs, the next to fire first. */
export async function listRecurringJobs(kysely: Kysely<Tables>): Promise<readonly RecurringJob[]> {
  const rows = await kysely
    .selectFrom('recurringJobs')
    .selectAll()
    .orderBy('nextRunAt', (order) => order.asc().nullsLast())
    .orderBy('id')
    .execute();
  return rows.map(toRecurringJob);
}

function toRecurringJob(row: Selectable<Tables['recurringJobs']>): RecurringJob {
  return {
    ...row,
    priority: priorityOfRank(row.priority),
    nextRunAt: instant(row.nextRunAt),
    lastRunAt: instant(row.lastRunAt),
    lastJobId: idOf(row.lastJobId),
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}
