import type pg from 'pg';

/**
 * What really happened, written by the jobs and the clients themselves. Nothing is unique where it could hide something:
 * what happens twice must be seen twice.
 */
export const TABLES = `
  create schema chaos;

  -- Written by clients, each row in the transaction that enqueues its job.
  create table chaos.orders (id text not null, kind text not null, due_at timestamptz not null default '-infinity');

  -- Written by each attempt on a connection of its own: first that it began, at last what it did.
  create table chaos.attempts (
    job_id bigint not null, attempt integer not null, server text not null,
    at timestamptz not null default clock_timestamp()
  );
  create index on chaos.attempts (job_id);
  create table chaos.effects (
    job_id bigint not null, attempt integer not null, server text not null,
    at timestamptz not null default clock_timestamp()
  );
  create index on chaos.effects (job_id);

  -- Written by clients, each row in the transaction that deletes its running job.
  create table chaos.deletions (job_id bigint not null);

  -- Innocent jobs that were struck three times and that the orchestrator has retried.
  create table chaos.retried (job_id bigint not null);

  -- Queues in which the jobs that hold their slots may end.
  create table chaos.open_gates (queue text not null);
`;

/** Something to write through: a pool, a client, or a job's own transaction. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

interface Attempt {
  readonly id: string;
  readonly attempt: number;
}

export async function recordStart(db: Queryable, { id, attempt }: Attempt, server: string): Promise<void> {
  await db.query('insert into chaos.attempts (job_id, attempt, server) values ($1, $2, $3)', [
    id,
    attempt,
    server,
  ]);
}

export async function recordEffect(db: Queryable, { id, attempt }: Attempt, server: string): Promise<void> {
  await db.query('insert into chaos.effects (job_id, attempt, server) values ($1, $2, $3)', [
    id,
    attempt,
    server,
  ]);
}

/** Runs the work in a transaction. A connection on which anything failed is not used again. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (tx: pg.PoolClient) => Promise<Result>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query(end);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
