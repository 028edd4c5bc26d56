import { ORIGIN, spanMs } from './statistics.js';
import type { StatisticsSpan } from './tables.js';

/**
 * The latest time, in bars: `{ span: 'minute', step: 15, bars: 96 }` is a day in quarters of an hour. Bars begin at multiples
 * of their length, so the last one is under way by the database's clock. A span is kept only for a while: the finer, the
 * shorter.
 */
export interface Period {
  readonly span: StatisticsSpan;
  /** How many spans make a bar. */
  readonly step: number;
  readonly bars: number;
}

/** $1 to $3 of every statement about a period: its span, the length of a bar in milliseconds, and how many bars. */
export function periodValues({ span, step, bars }: Period): readonly unknown[] {
  return [span, spanMs[span] * step, bars];
}

/** When its first bar begins, in SQL: the rows from there on are a range of the primary key. */
export const PERIOD_START = `
      date_bin($2::double precision * interval '1 millisecond', now(), ${ORIGIN})
        - ($3::integer - 1) * $2::double precision * interval '1 millisecond'`;
