import type { Journal } from './journal.js';
import type { Queryable } from './tables.js';

/** An attempt that a kill cut off, and how long it took until the next one began. */
export interface Recovery {
  readonly seconds: number;
  /** What may have held it up; a suspect has crashed twice, and waits until it can be run apart. */
  readonly despite: 'nothing' | 'a vanished host' | 'a restart of Postgres' | 'suspicion';
}

interface Cut {
  readonly jobId: string;
  readonly attempt: number;
  readonly at: number;
  readonly vanished: boolean;
}

/** How long the jobs that killed processes were running had to wait. */
export async function recoveriesOf(db: Queryable, journal: Journal): Promise<readonly Recovery[]> {
  const cuts = journal
    .of('struck')
    .flatMap(({ at, by, running = [] }) =>
      running.map((attempt): Cut => ({ ...attempt, at, vanished: by === 'vanish' })),
    );
  const next = await nextAttempts(db, cuts);
  return next.flatMap(({ place, startedAt, crashes }) => {
    const cut = cuts[place - 1];
    // After the third crash it is a dead letter until somebody retries it.
    if (cut === undefined || crashes > 2) return [];
    const despite = crashes === 2 ? 'suspicion' : obstacleOf(cut, startedAt, journal);
    return [{ seconds: (startedAt - cut.at) / 1000, despite }];
  });
}

interface NextAttempt {
  /** Of the attempt that was cut off, counted from 1. */
  readonly place: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** How often the job's servers had been lost by then. */
  readonly crashes: number;
}

/**
 * By the record of the jobs: a server may be killed again between a claim and the first trace of its handler. Attempts that
 * had ended before the kill arrived are left out: nothing says that they were lost.
 */
async function nextAttempts(db: Queryable, cuts: readonly Cut[]): Promise<readonly NextAttempt[]> {
  const { rows } = await db.query(
    `with attempts as (
       select job_id, attempt, started_at, error ->> 'code' = 'FIRELOCK_SERVER_LOST' as crashed
       from firelock.transitions
       where started_at is not null
       union all
       select id, attempt, started_at, false from firelock.jobs where started_at is not null
     )
     select
       cut.place::integer as place,
       date_part('epoch', min(next.started_at)) * 1000 as "startedAt",
       (
         select count(distinct attempt) from attempts
         where attempts.job_id = cut.job_id and attempts.attempt <= cut.attempt and crashed
       )::integer as crashes
     from unnest($1::bigint[], $2::integer[]) with ordinality as cut (job_id, attempt, place)
     join attempts on attempts.job_id = cut.job_id and attempts.attempt = cut.attempt and attempts.crashed
     join attempts as next on next.job_id = cut.job_id and next.attempt > cut.attempt
     group by cut.place, cut.job_id, cut.attempt`,
    [cuts.map(({ jobId }) => jobId), cuts.map(({ attempt }) => attempt)],
  );
  // The columns of the statement.
  return rows as NextAttempt[];
}

function obstacleOf({ at, vanished }: Cut, until: number, journal: Journal): Recovery['despite'] {
  if (vanished) return 'a vanished host';
  const ups = journal.of('Postgres up');
  const restarted = journal
    .of('Postgres down')
    .some((down, place) => down.at <= until && (ups[place]?.at ?? Number.POSITIVE_INFINITY) >= at);
  return restarted ? 'a restart of Postgres' : 'nothing';
}

/** Seconds. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function spreadOf(recoveries: readonly Recovery[]): Spread {
  const sorted = recoveries.map(({ seconds }) => seconds).toSorted((left, right) => left - right);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** By what may have held recovery up. */
export async function spreadsOf(db: Queryable, journal: Journal): Promise<Readonly<Record<string, Spread>>> {
  const recoveries = await recoveriesOf(db, journal);
  const of = (despite: Recovery['despite']) =>
    spreadOf(recoveries.filter((each) => each.despite === despite));
  return {
    'all kills': spreadOf(recoveries),
    'direct: Postgres saw the connections end': of('nothing'),
    'vanished: Postgres saw nothing': of('a vanished host'),
    'restarted: Postgres was away meanwhile': of('a restart of Postgres'),
    'suspects: a second crash, so the job runs apart': of('suspicion'),
  };
}
