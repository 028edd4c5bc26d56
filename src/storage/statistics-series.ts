import type { Executor, Statement } from './statement.js';
import { type Counts, ORIGIN } from './statistics.js';
import { type Period, PERIOD_START, periodValues } from './statistics-period.js';

/** How the attempts of a stretch of time ended. */
export interface Bar extends Counts {
  readonly at: Date;
}

export interface SeriesQuery {
  readonly period: Period;
  /** Only attempts of this queue, of jobs of this name. Default: of all. */
  readonly queue?: string | undefined;
  readonly name?: string | undefined;
}

/** The bars of a period, the earliest first; where nothing ended, zeros. */
export async function readSeries(executor: Executor, query: SeriesQuery): Promise<readonly Bar[]> {
  const { period, queue = null, name = null } = query;
  const rows = await executor.run<Counts & { readonly atMs: number }>(statement, [
    ...periodValues(period),
    queue,
    name,
  ]);
  return rows.map(({ atMs, ...counts }) => ({ at: new Date(atMs), ...counts }));
}

/** Counts travel as doubles, which JavaScript reads as numbers: exact up to nine quadrillions. */
const statement: Statement = {
  name: 'statistics-series',
  text: `
    with counted as (
      select
        date_bin($2::double precision * interval '1 millisecond', at, ${ORIGIN}) as at,
        sum(succeeded) as succeeded, sum(failed) as failed, sum(dead) as dead
      from firelock.statistics
      where span = $1 and at >= ${PERIOD_START}
        and ($4::text is null or queue = $4) and ($5::text is null or name = $5)
      group by 1
    )
    select
      date_part('epoch', bars.at) * 1000 as "atMs",
      coalesce(succeeded, 0)::double precision as succeeded,
      coalesce(failed, 0)::double precision as failed,
      coalesce(dead, 0)::double precision as dead
    from generate_series(0, $3::integer - 1) as places(place)
      cross join lateral (
        select ${PERIOD_START} + place * $2::double precision * interval '1 millisecond'
      ) as bars(at)
      left join counted using (at)
    order by bars.at`,
};
