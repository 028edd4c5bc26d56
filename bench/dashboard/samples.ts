import type pg from 'pg';
import { type State, states } from '../../src/job/state.js';

/** What pages are asked about. */
export interface Samples {
  /** A job of each state that there is one of. */
  readonly ids: ReadonlyMap<State, string>;
  /** A place deep inside of each list. */
  readonly places: ReadonlyMap<string, readonly string[]>;
}

/** Where the middle of each list is. */
const middles: Readonly<Record<string, string>> = {
  jobs: `select json_build_array(max(id) / 2)::text as place from firelock.jobs`,
  succeeded: byTime('succeeded', 'finished_at'),
  dead: byTime('dead', 'finished_at'),
  deleted: byTime('deleted', 'finished_at'),
  failed: byTime('failed', 'run_at'),
  scheduled: byTime('scheduled', 'run_at'),
  enqueued: `
    select json_build_array(queue, priority, id)::text as place from firelock.jobs
    where state = 'enqueued' and queue = 'archive' and id > (select max(id) / 2 from firelock.jobs) limit 1`,
};

function byTime(state: State, column: string): string {
  return `
    select json_build_array(${column}, id)::text as place from firelock.jobs
    where state = '${state}' and ${column} > (
      select min(${column}) + (max(${column}) - min(${column})) / 2 from firelock.jobs where state = '${state}'
    )
    order by ${column} limit 1`;
}

export async function samples(client: pg.Client): Promise<Samples> {
  const ids = new Map<State, string>();
  for (const state of states) {
    const { rows } = await client.query<{ id: string }>(
      `select id from firelock.jobs where state = '${state}' order by id desc limit 1`,
    );
    if (rows[0] !== undefined) ids.set(state, rows[0].id);
  }
  const places = new Map<string, readonly string[]>();
  for (const [list, text] of Object.entries(middles)) {
    const { rows } = await client.query<{ place: string }>(text);
    places.set(
      list,
      rows.map(({ place }) => place),
    );
  }
  return { ids, places };
}
