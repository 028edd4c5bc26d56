import type pg from 'pg';
import type { State } from '../src/job/state.js';

/** A row of `firelock.jobs` as Postgres gives it in JSON; instants are text. */
export interface JobRow {
  readonly id: number;
  readonly queue: string;
  readonly state: State;
  readonly attempt: number;
  readonly attempt_limit: number;
  readonly recoveries: number;
  readonly server_id: number | null;
  readonly result: unknown;
  readonly [column: string]: unknown;
}

/** What a test says of a job that it puts into the table; SQL expressions are not possible, nor needed. */
interface JobFacts {
  readonly state: State;
  readonly queue?: string;
  readonly serverId?: string;
  readonly attempt?: number;
  readonly attemptLimit?: number;
  readonly recoveries?: number;
  readonly runsApart?: boolean;
}

/**
 * Puts a job into any state, through SQL, and answers its id. Jobs differ in nothing but what the test says and what the
 * CHECKs ask of a state: each was run before by the server, is due, and its retention is over, so that only its state may
 * keep a statement from touching it.
 */
export async function putJob(client: pg.Client, facts: JobFacts): Promise<string> {
  const {
    state,
    queue = 'default',
    serverId = '1',
    attempt = 1,
    attemptLimit = 3,
    recoveries = 0,
    runsApart = false,
  } = facts;
  const { rows } = await client.query<{ id: string }>(
    `insert into firelock.jobs (
       name, queue, state, priority, attempt, attempt_limit, recoveries, runs_apart, server_id, args, result,
       last_error, created_at, run_at, started_at, finished_at
     )
     values (
       'job', $1, $2, 2, $3, $4, $5, $6, $7, '{"n":1}', '"earlier"', 'Error: earlier',
       now() - interval '4 h', now() - interval '3 h', now() - interval '2 h',
       case when $2::text in ('succeeded', 'dead', 'deleted') then now() - interval '1 h' end
     )
     returning id`,
    [queue, state, attempt, attemptLimit, recoveries, runsApart, serverId],
  );
  return String(rows[0]?.id);
}

/** The row with every column, or undefined when it is gone. */
export async function jobRow(client: pg.Client, id: string): Promise<JobRow | undefined> {
  const { rows } = await client.query<{ row: JobRow }>(
    'select to_jsonb(jobs) as row from firelock.jobs where id = $1',
    [id],
  );
  return rows[0]?.row;
}

/** Which version of the row it is: an update makes another even if it writes the same values. */
export async function rowVersion(client: pg.Client, id: string): Promise<unknown> {
  return (await client.query('select ctid, xmin from firelock.jobs where id = $1', [id])).rows[0];
}

/** Whether nobody holds the row's lock. */
export async function isFree(client: pg.Client, id: string): Promise<boolean> {
  const { rowCount } = await client.query('select from firelock.jobs where id = $1 for update skip locked', [
    id,
  ]);
  return rowCount === 1;
}

/** The recorded history of a job: `from → to` with the attempt, oldest first. */
export async function recordedPath(client: pg.Client, id: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ step: string }>(
    `select from_state || ' → ' || to_state || ', attempt ' || attempt as step
     from firelock.transitions where job_id = $1 order by at, id`,
    [id],
  );
  return rows.map(({ step }) => step);
}
