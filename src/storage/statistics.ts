import { BUCKETS, type Histogram } from '../job/histogram.js';
import type { Executor, Statement } from './statement.js';
import type { StatisticsSpan } from './tables.js';

/** The spans of time in which attempts are counted, in milliseconds. The finer, the sooner they expire. */
export const spanMs: Readonly<Record<StatisticsSpan, number>> = {
  '10s': 10_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** How the attempts of one job name in one queue ended. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly dead: number;
}

/** What a server has counted since it wrote last. */
export interface Counted extends Counts {
  readonly queue: string;
  readonly name: string;
  readonly waits: Histogram;
  readonly runs: Histogram;
}

/** Where spans and bars begin: at multiples of their length from this Monday on, so that hours and days are those of UTC. */
export const ORIGIN = `timestamptz '2001-01-01 00:00:00+00'`;

/** Adds to the rows of the spans that are under way by the database's clock. */
export async function addStatistics(executor: Executor, counted: readonly Counted[]): Promise<void> {
  await executor.run(statement, [JSON.stringify(counted)]);
}

const spanRows = Object.entries(spanMs).map(([span, ms]) => `('${span}', ${ms})`);

/**
 * One statement for all spans, so that they tell the same. Several servers add to the same rows at once: all lock them in one
 * order, by the key, or they would deadlock. Rows lock when they are inserted or updated, which is as they come.
 */
const statement: Statement = {
  name: 'add-statistics',
  text: `
    insert into firelock.statistics as kept (span, at, queue, name, succeeded, failed, dead, waits, runs)
    select
      spans.name, date_bin(spans.ms * interval '1 millisecond', now(), ${ORIGIN}),
      given.queue, given.name, given.succeeded, given.failed, given.dead, given.waits, given.runs
    from
      (values ${spanRows.join(', ')}) as spans(name, ms)
      cross join json_to_recordset($1::json) as given(
        queue text, name text, succeeded bigint, failed bigint, dead bigint, waits bigint[], runs bigint[]
      )
    order by 1, 2, 3, 4
    on conflict (span, at, queue, name) do update set
      succeeded = kept.succeeded + excluded.succeeded,
      failed = kept.failed + excluded.failed,
      dead = kept.dead + excluded.dead,
      waits = ${eachSum('waits')},
      runs = ${eachSum('runs')}`,
};

/** Written out: Postgres has no sum of arrays. */
function eachSum(column: 'waits' | 'runs'): string {
  const buckets = Array.from({ length: BUCKETS }, (_, place) => place + 1);
  return `array[${buckets.map((n) => `kept.${column}[${n}] + excluded.${column}[${n}]`).join(', ')}]`;
}

export interface StatisticsExpiry {
  readonly span: StatisticsSpan;
  /** Rows of spans that began longer ago than this are removed. */
  readonly retentionMs: number;
  readonly limit: number;
}

/** Removes the oldest statistics whose retention is over; answers how many rows. */
export async function expireStatistics(executor: Executor, expiry: StatisticsExpiry): Promise<number> {
  const { span, retentionMs, limit } = expiry;
  const [answer] = await executor.run<{ expired: number }>(expireStatement, [span, retentionMs, limit]);
  return answer?.expired ?? 0;
}

const expireStatement: Statement = {
  name: 'expire-statistics',
  text: `
    with old as materialized (
      select span, at, queue, name from firelock.statistics
      where span = $1 and at < now() - $2::double precision * interval '1 millisecond'
      order by at, queue, name
      limit $3
      for update skip locked
    ),
    expired as (
      delete from firelock.statistics using old
      where (statistics.span, statistics.at, statistics.queue, statistics.name)
        = (old.span, old.at, old.queue, old.name)
      returning 1
    )
    select count(*)::integer as expired from expired`,
};
