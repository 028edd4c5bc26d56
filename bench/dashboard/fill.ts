import pg from 'pg';
import { pino } from 'pino';
import { createFirelock } from '../../src/index.js';
import { insertJobs, insertTags, insertTransitions } from './fill-jobs.js';
import { insertRest, renewStatistics } from './fill-rest.js';

/** A statement inserts so many jobs. */
const BATCH = 100_000;
const LANES = 4;

/** An installation with so many jobs, in the schema `firelock`; one that an earlier run has filled with as many is used again. */
export async function fill(connectionString: string, jobs: number): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // What is lost in a crash is filled anew.
    await client.query('set synchronous_commit = off');
    if ((await filledWith(client)) !== String(jobs)) await fillAnew(client, connectionString, jobs);
    for (const statement of renewStatistics) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** What the schema's comment says: it is written last. */
async function filledWith(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ comment: string | null }>(
    `select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = 'firelock'`,
  );
  return rows[0]?.comment ?? undefined;
}

async function fillAnew(client: pg.Client, connectionString: string, jobs: number): Promise<void> {
  const startedAt = performance.now();
  await client.query('drop schema if exists firelock cascade');
  const firelock = createFirelock({ connectionString, logger: pino({ level: 'warn' }) });
  await firelock.migrate();
  await firelock.close();
  const indexes = await dropIndexes(client);
  await insertAll(connectionString, jobs);
  for (const index of indexes) await client.query(index);
  await client.query(`select setval(pg_get_serial_sequence('firelock.jobs', 'id'), $1)`, [jobs]);
  for (const statement of insertRest) await client.query(statement);
  await client.query('vacuum analyze');
  await client.query(`comment on schema firelock is '${jobs}'`);
  console.log(`filled in ${Math.round((performance.now() - startedAt) / 1000)} s`);
}

/** Several connections at once, each the next batch. */
async function insertAll(connectionString: string, jobs: number): Promise<void> {
  let next = 1;
  const lane = async () => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query('set synchronous_commit = off');
    while (next <= jobs) {
      const first = next;
      next += BATCH;
      const last = Math.min(first + BATCH - 1, jobs);
      await client.query(insertJobs, [first, last, jobs]);
      await client.query(insertTags, [first, last]);
      await client.query(insertTransitions, [first, last]);
      if (last % 1_000_000 === 0) console.log(`${last.toLocaleString('en')} jobs are filled in`);
    }
    await client.end();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Indexes are built faster at once than row by row. Answers the statements that make them again. */
async function dropIndexes(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index
     where indrelid in ('firelock.jobs'::regclass, 'firelock.transitions'::regclass)
       and not exists (select from pg_constraint where conindid = indexrelid)`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}
