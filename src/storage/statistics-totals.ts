import { BUCKETS, type Histogram, type Percentiles, percentiles } from '../job/histogram.js';
import type { Executor, Statement } from './statement.js';
import type { Counts } from './statistics.js';
import { type Period, PERIOD_START, periodValues } from './statistics-period.js';

/** How the attempts of a period ended, and how long they took. */
interface Totals extends Counts {
  /** How many attempts ended a minute, over the time of the period that has passed. */
  readonly perMinute: number;
  /** How long jobs waited from when they were ready, in milliseconds; undefined if none is known. */
  readonly waited: Percentiles | undefined;
  /** How long handlers ran, in milliseconds; undefined if none did. */
  readonly ran: Percentiles | undefined;
}

export interface QueueTotals extends Totals {
  readonly queue: string;
}

export interface NameTotals extends Totals {
  readonly name: string;
}

export interface TotalsQuery {
  readonly period: Period;
  readonly limit: number;
}

/** The queues in which attempts ended, in the order of their names. */
export async function totalsByQueue(executor: Executor, query: TotalsQuery): Promise<readonly QueueTotals[]> {
  const rows = await executor.run<Row>(byQueueStatement, valuesOf(query));
  return rows.map((row) => ({ queue: row.key, ...totalsOf(row) }));
}

/** The names of the jobs whose attempts ended: those with the most failures and dead letters first, then the most frequent. */
export async function totalsByName(executor: Executor, query: TotalsQuery): Promise<readonly NameTotals[]> {
  const rows = await executor.run<Row>(byNameStatement, valuesOf(query));
  return rows.map((row) => ({ name: row.key, ...totalsOf(row) }));
}

interface Row extends Counts {
  readonly key: string;
  readonly waits: Histogram;
  readonly runs: Histogram;
  readonly minutes: number;
}

function valuesOf({ period, limit }: TotalsQuery): readonly unknown[] {
  return [...periodValues(period), limit];
}

function totalsOf({ succeeded, failed, dead, waits, runs, minutes }: Row): Totals {
  const perMinute = (succeeded + failed + dead) / minutes;
  return { succeeded, failed, dead, perMinute, waited: percentiles(waits), ran: percentiles(runs) };
}

const byQueueStatement: Statement = {
  name: 'statistics-by-queue',
  text: totals('queue', 'key'),
};

const byNameStatement: Statement = {
  name: 'statistics-by-name',
  text: totals('name', 'failed + dead desc, succeeded desc, key'),
};

/** Sums a period by a column; percentiles are told from histograms, which add up as percentiles do not. */
function totals(column: 'queue' | 'name', order: string): string {
  return `
    select *
    from (
      select
        ${column} as key,
        sum(succeeded)::double precision as succeeded,
        sum(failed)::double precision as failed,
        sum(dead)::double precision as dead,
        ${histogram('waits')} as waits,
        ${histogram('runs')} as runs,
        greatest(date_part('epoch', now() - (${PERIOD_START})), 1) / 60 as minutes
      from firelock.statistics
      where span = $1 and at >= ${PERIOD_START}
      group by ${column}
    ) as totals
    order by ${order}
    limit $4`;
}

/** As JSON, which arrives as numbers whatever parsers the application has set for arrays. */
function histogram(column: 'waits' | 'runs'): string {
  const buckets = Array.from({ length: BUCKETS }, (_, place) => place + 1);
  return `json_build_array(${buckets.map((n) => `sum(${column}[${n}])`).join(', ')})`;
}
