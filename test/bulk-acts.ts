import type pg from 'pg';
import type { Logger } from 'pino';
import { BulkActs } from '../src/client/bulk-acts.js';
import { NativeEngine } from '../src/engine/native/native-engine.js';
import type { State } from '../src/job/state.js';
import { type BulkAct, findBulkAct } from '../src/storage/bulk-acts.js';
import { connect } from '../src/storage/connections.js';
import { Database } from '../src/storage/database.js';
import { channelOf } from '../src/storage/notification.js';
import { Notifier } from '../src/storage/notifier.js';
import { eventually } from './eventually.js';

/** Acts on all matching jobs, as createFirelock puts them together. */
export function openBulkActs(connectionString: string, logger: Logger) {
  const database = new Database(
    connect({ connectionString }, () => undefined),
    'firelock',
  );
  const notifier = new Notifier(database, channelOf('firelock'), () => undefined);
  const bulkActs = new BulkActs({ database, notifier, engine: new NativeEngine(database, notifier), logger });
  const close = async () => {
    await bulkActs.close();
    await notifier.flush();
    await database.close();
  };
  return { bulkActs, database, close };
}

/** The act once it has ended. */
export function endedBulkAct({ kysely }: Database, id: string): Promise<BulkAct> {
  return eventually(`bulk act ${id} has ended`, async () => {
    const act = await findBulkAct(kysely, id);
    return act?.endedAt !== undefined && act;
  });
}

/** Puts so many jobs of a name into a state, through SQL; answers their ids in the order of the state's list. */
export async function putMany(
  client: pg.Client,
  { name, state, count }: { readonly name: string; readonly state: State; readonly count: number },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into firelock.jobs (
       name, queue, state, priority, attempt, attempt_limit, args, server_id, created_at, run_at, started_at, finished_at,
       last_error
     )
     select $1, $1, $2, 2, 1, 1, jsonb_build_object('n', n), 1, at, at + interval '30 d', at,
       case when $2 in ('succeeded', 'dead', 'deleted') then at end, 'Error: no ' || n
     from generate_series($3::integer, 1, -1) as n, lateral (select now() - interval '2 h' + n * interval '1 s' as at) as put
     returning id::text as id`,
    [name, state, count],
  );
  const ids = rows.map(({ id }) => id);
  return state === 'scheduled' || state === 'failed' || state === 'processing' ? ids.toReversed() : ids;
}
