import type { AttemptId } from '../job/attempt-id.js';
import type { Executor, Statement } from './statement.js';

/** Lines that an attempt said one after the other. */
export interface NewLogRow extends AttemptId {
  /** Of the first line: 1 is the attempt's first. */
  readonly number: number;
  /** When the first line was said, by `performance.now()`. */
  readonly sinceMs: number;
  /** As `lineText` writes them. */
  readonly lines: readonly string[];
}

interface NewBarValue extends AttemptId {
  readonly name: string;
  readonly percent: number;
}

export interface JobOutput {
  readonly rows: readonly NewLogRow[];
  readonly bars: readonly NewBarValue[];
}

/**
 * Writes what attempts told; may be repeated. What belongs to jobs that have expired, or whose retention is half over, is
 * dropped.
 */
export async function writeJobOutput(
  executor: Executor,
  { rows, bars }: JobOutput,
  retentionMs: number,
): Promise<void> {
  const nowMs = performance.now();
  const column = (value: (row: NewLogRow) => number | string) => `{${rows.map(value).join(',')}}`;
  const lines = rows.map((row) => `[${row.lines.join(',')}]`).join('\n');
  await executor.run(statement, [
    column(({ id }) => id),
    column(({ attempt }) => attempt),
    column(({ number }) => number),
    column(({ sinceMs }) => nowMs - sinceMs),
    lines,
    JSON.stringify(bars),
    retentionMs,
  ]);
}

/**
 * Numbers begin anew with each attempt and a row is written whole, so that a call whose answer was lost may be repeated, and a
 * row that says how many lines are missing is replaced by a later one. A bar has its latest value alone.
 *
 * Nothing may be left behind for a job that expires meanwhile: expiry cannot see what is not committed yet. Locks on the jobs'
 * rows would rule it out, but claims and expiry pass locked rows by. Therefore a job gets nothing more when half of its
 * retention is over: expiry is then further away than this statement lasts.
 *
 * The database's clock says when a line was said, less the time that it waited here. The lines travel as one text, a row of
 * them a line (JSON.stringify writes a line feed as \n), and are kept as text: for ten lines a job that took Postgres 7 µs a
 * job, and 20 µs as a document of JSON into a column of JSON, which reads each line three times.
 */
const statement: Statement = {
  name: 'write-job-output',
  text: `
    with given as materialized (
      select *
      from unnest(
        $1::bigint[], $2::integer[], $3::integer[], $4::double precision[], string_to_array($5, chr(10))
      ) as given(id, attempt, number, ago_ms, lines)
    ),
    moved as materialized (
      select * from json_to_recordset($6::json) as moved(id bigint, attempt integer, name text, percent real)
    ),
    alive as materialized (
      select jobs.id
      from firelock.jobs
      where jobs.id = any ($1::bigint[] || array(select moved.id from moved))
        and (
          jobs.finished_at is null
          or jobs.finished_at > now() - $7::double precision / 2 * interval '1 millisecond'
        )
    ),
    logged as (
      insert into firelock.job_logs (job_id, attempt, number, at, lines)
      select id, attempt, number, clock_timestamp() - ago_ms * interval '1 millisecond', lines
      from given
      where id in (select alive.id from alive)
      on conflict (job_id, attempt, number) do update set at = excluded.at, lines = excluded.lines
    )
    insert into firelock.progress_bars (job_id, attempt, name, percent)
    select id, attempt, name, percent
    from moved
    where id in (select alive.id from alive)
    on conflict (job_id, attempt, name) do update set percent = excluded.percent, at = excluded.at`,
};
