import type pg from 'pg';
import type { Firelock } from '../../src/firelock.js';
import { type State, states } from '../../src/job/state.js';
import { putJob } from '../job-rows.js';
import { idle } from './jobs.js';

/** Stands in every text that a visitor who may not look must not see. */
export const SECRET = 'tell-nobody';

/** One of everything that can be acted on, by the names under which requests ask for it. */
export interface Furniture {
  readonly jobs: Readonly<Record<State, string>>;
  readonly server: string;
  readonly quietServer: string;
  readonly bulkAct: string;
}

/** Empties the installation, and puts one of everything into it that every act of the dashboard applies to. */
export async function furnish(firelock: Firelock, client: pg.Client): Promise<Furniture> {
  await empty(client);
  const jobs: [State, string][] = [];
  for (const state of states) jobs.push([state, await putJob(client, { state })]);
  await client.query('update firelock.jobs set name = $1, last_error = $1, args = to_jsonb($1::text)', [
    SECRET,
  ]);
  await client.query(`insert into firelock.job_logs values ($1, 1, 1, now(), $2)`, [
    jobs.find(([state]) => state === 'processing')?.[1],
    JSON.stringify([[0, 'info', SECRET]]),
  ]);
  await firelock.addOrUpdateRecurring(SECRET, idle, undefined, '0 0 1 1 *');
  await firelock.overrideRecurring(SECRET, { schedule: '0 0 2 1 *' });
  await firelock.pauseRecurring(SECRET);
  await firelock.pauseQueue(SECRET, { reason: SECRET });
  return {
    // Exactly the states.
    jobs: Object.fromEntries(jobs) as Furniture['jobs'],
    server: await putServer(client, null),
    quietServer: await putServer(client, 'quiet'),
    bulkAct: await putBulkAct(client),
  };
}

async function empty(client: pg.Client): Promise<void> {
  const tables = (await tablesOf(client)).filter((table) => table !== 'watch' && table !== 'migrations');
  await client.query(`truncate ${tables.map((table) => `firelock.${table}`).join(', ')} cascade`);
}

async function putServer(client: pg.Client, asked: string | null): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into firelock.servers (name, queues, job_names, version, asked, asked_at)
     values ($1, '{"default": 1}', '[]', '1', $2::text, case when $2::text is not null then now() end) returning id::text`,
    [SECRET, asked],
  );
  return rows[0]?.id ?? '';
}

/** One that its process has left. */
async function putBulkAct(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into firelock.bulk_acts (act, state, query, acted_by, reason, beat_at)
     values ('delete', 'failed', $1, $1, $1, now() - interval '1 h') returning id::text`,
    [SECRET],
  );
  return rows[0]?.id ?? '';
}

/** Everything that the installation's tables hold: two dumps are equal if and only if nothing was changed. */
export async function dump(client: pg.Client): Promise<Readonly<Record<string, unknown>>> {
  const tables = await tablesOf(client);
  const selections = tables.map(
    (table) =>
      `'${table}', (select jsonb_agg(to_jsonb(each) order by to_jsonb(each)) from firelock.${table} as each)`,
  );
  const { rows } = await client.query<{ all: Readonly<Record<string, unknown>> }>(
    `select jsonb_build_object(${selections.join(', ')}) as all`,
  );
  return rows[0]?.all ?? {};
}

async function tablesOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'firelock' order by 1`,
  );
  return rows.map(({ name }) => name);
}
