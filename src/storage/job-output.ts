import { type Kysely, sql } from 'kysely';
import type { LogLevel } from '../job/log-line.js';
import { instant } from './normalised.js';
import type { Tables } from './tables.js';

/** Where a line stands in the log of its job. */
interface LogPlace {
  readonly attempt: number;
  /** 1 for the first line of the attempt; without gaps. */
  readonly number: number;
}

/** A line that a handler said. */
export interface LogLine extends LogPlace {
  /** By the database's clock, to about as much as the way to it takes. */
  readonly at: Date;
  readonly level: LogLevel;
  readonly message: string;
  /** Plain data, hardly ever anything but an object; a text if they were too many, or have no JSON. */
  readonly facts: unknown;
}

export interface LogQuery {
  readonly jobId: string;
  /** Default: all attempts. */
  readonly attempt?: number | undefined;
  /** Only lines after this one: the last that is known. */
  readonly afterLine?: LogPlace | undefined;
  readonly limit: number;
}

/** How far a handler is. */
export interface ProgressBar {
  /** Undefined: the job's main bar. */
  readonly name: string | undefined;
  readonly percent: number;
  readonly at: Date;
}

const BEGINNING: LogPlace = { attempt: 0, number: 0 };

/** The first lines of a job's log, in the order in which they were said; while it runs, up to half a second ago. */
export async function jobLog(kysely: Kysely<Tables>, query: LogQuery): Promise<readonly LogLine[]> {
  const { jobId, attempt, afterLine = BEGINNING, limit } = query;
  const number = sql<number>`number + place::integer - 1`;
  const rows = await kysely
    .selectFrom('jobLogs')
    .crossJoinLateral(
      sql<{ readonly place: number }>`json_array_elements(lines::json) with ordinality`.as<'said'>(
        sql.raw('said (line, place)'),
      ),
    )
    .select(['attempt', number.as('number')])
    .select([
      sql<Date>`at + (line ->> 0)::integer * interval '1 millisecond'`.as('at'),
      sql<LogLevel>`line ->> 1`.as('level'),
      sql<string>`line ->> 2`.as('message'),
      sql`line -> 3`.as('facts'),
    ])
    .where('jobId', '=', jobId)
    .where(sql<boolean>`(attempt, number) >= (${afterLine.attempt}, ${rowOf(kysely, jobId, afterLine)})`)
    .where(sql<boolean>`(attempt, ${number}) > (${afterLine.attempt}, ${afterLine.number})`)
    .$if(attempt !== undefined, (lines) => lines.where('attempt', '=', attempt ?? 0))
    .orderBy('attempt')
    .orderBy('jobLogs.number')
    .orderBy('place')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, at: instant(row.at), facts: row.facts ?? undefined }));
}

/** The number of the row that holds a line, so that those before it are not read. */
function rowOf(kysely: Kysely<Tables>, jobId: string, { attempt, number }: LogPlace) {
  return kysely
    .selectFrom('jobLogs')
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), sql<number>`0`).as('number'))
    .where('jobId', '=', jobId)
    .where('attempt', '=', attempt)
    .where('number', '<=', number);
}

/** The bars of a job's latest attempt, its main bar first. */
export async function progressBars(kysely: Kysely<Tables>, jobId: string): Promise<readonly ProgressBar[]> {
  const rows = await kysely
    .selectFrom('progressBars')
    .innerJoin('jobs', (join) =>
      join.onRef('jobs.id', '=', 'progressBars.jobId').onRef('jobs.attempt', '=', 'progressBars.attempt'),
    )
    .select(['progressBars.name', 'progressBars.percent', 'progressBars.at'])
    .where('jobId', '=', jobId)
    .orderBy('progressBars.name')
    .execute();
  return rows.map(({ name, percent, at }) => ({
    name: name === '' ? undefined : name,
    percent,
    at: instant(at),
  }));
}
