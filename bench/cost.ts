import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { drain } from './measures.js';
import type { System } from './systems/system.js';

export interface Cost {
  readonly statementsPerJob: number | undefined;
  readonly rowWritesPerJob: number;
}

const COUNT = 20_000;

/** What a job costs Postgres from enqueue to its end, as Postgres counts it; in bulk, with 50 slots. */
export async function cost(system: System, connectionString: string): Promise<Cost> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const countsStatements = await client.query('create extension if not exists pg_stat_statements').then(
      () => true,
      () => false,
    );
    await system.reset();
    const before = await read(client, system.schema, countsStatements);
    await drain(system, { count: COUNT, slots: 50, fetchSize: 50 });
    const after = await read(client, system.schema, countsStatements);
    return {
      statementsPerJob: countsStatements ? (after.statements - before.statements) / COUNT : undefined,
      rowWritesPerJob: (after.writes - before.writes) / COUNT,
    };
  } finally {
    await client.end();
  }
}

async function read(client: pg.Client, schema: string, countsStatements: boolean) {
  // A backend that has become idle may keep its counts for up to 10 s before it reports them.
  await sleep(11_000);
  const writes = await client.query<{ count: string }>(
    `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) as count from pg_stat_user_tables where schemaname = $1`,
    [schema],
  );
  const statements = countsStatements
    ? await client.query<{ count: string }>('select coalesce(sum(calls), 0) as count from pg_stat_statements')
    : undefined;
  return { writes: Number(writes.rows[0]?.count), statements: Number(statements?.rows[0]?.count) };
}
