import type { Journal } from '../journal.js';
import type { Ending, Life } from '../life.js';
import type { Disturbance } from '../plan.js';
import type { Queryable } from '../tables.js';
import { type Finding, linesOf } from './finding.js';

/** A server that was declared lost. */
interface Loss {
  readonly life: string;
  readonly at: number;
  /** What was done to it last, or how it had ended by itself; `nothing` if it was lost without a reason. */
  readonly after: Disturbance | Ending | 'nothing';
}

/** How the losses of servers came about: a loss without a reason is a false one. */
export async function lossesOf(db: Queryable, journal: Journal): Promise<readonly Loss[]> {
  const { rows } = await db.query(
    `select name as life, date_part('epoch', stopped_at) * 1000 as at from firelock.servers where state = 'lost'`,
  );
  // The columns of the statement.
  return (rows as { life: string; at: number }[]).map((row) => ({ ...row, after: reasonOf(row, journal) }));
}

function reasonOf({ life, at }: Pick<Loss, 'life' | 'at'>, journal: Journal): Loss['after'] {
  const before = <Item extends { readonly life: string; readonly at: number }>(entries: readonly Item[]) =>
    entries.findLast((entry) => entry.life === life && entry.at <= at);
  const end = before(journal.of('ended'));
  if (end !== undefined && end.ending !== 'killed') return end.ending;
  return before(journal.of('struck'))?.by ?? 'nothing';
}

export function noFalseLosses(losses: readonly Loss[]): Finding {
  return {
    claim: 'no server is declared lost to which nothing was done',
    broken: losses
      .filter(({ after }) => after === 'nothing')
      .map(({ life, at }) => `${life} at ${new Date(at).toISOString()}`),
  };
}

/** Not once in the whole run, whatever happened to Postgres and to the others. */
export async function sparedProcessKeepsItsLease(db: Queryable, lives: readonly Life[]): Promise<Finding> {
  const names = lives.filter(({ seat }) => seat.spared).map(({ name }) => name);
  const lines = await linesOf(
    db,
    `select name || ' as server ' || id || ': ' || state as line
     from firelock.servers
     where name = any($1) and (state = 'lost' or exists (
       select from firelock.servers as earlier where earlier.name = servers.name and earlier.id < servers.id
     ))
     union all
     select servers.name || ': job ' || job_id || ' was recovered'
     from firelock.transitions join firelock.servers on servers.id = transitions.server_id
     where servers.name = any($1) and error ->> 'code' = 'FIRELOCK_SERVER_LOST'`,
    [names],
  );
  const gone = names.length === 0 ? ['it has ended'] : [];
  return {
    claim: 'the process whose event loop is blocked, and which nothing else befalls, is never declared lost',
    broken: [...lines, ...gone],
  };
}
