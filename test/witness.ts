import type pg from 'pg';
import { isFinal, type State, stateRules } from '../src/job/state.js';

/**
 * A witness inside Postgres: triggers write down every move of every job, in the order in which it happened. The product's
 * own history leaves the happy path out, and would be wrong where the product is.
 */
export async function watchJobs(client: pg.Client): Promise<void> {
  await client.query(`
    create schema witness;
    create table witness.moves (
      id bigint generated always as identity primary key,
      job_id bigint, from_state text, to_state text, from_attempt integer, attempt integer, server_id bigint
    );
    create function witness.write_down() returns trigger language plpgsql as $$
      begin
        insert into witness.moves (job_id, from_state, to_state, from_attempt, attempt, server_id)
        values (coalesce(new.id, old.id), old.state, new.state, old.attempt, new.attempt, new.server_id);
        return null;
      end
    $$;
    create trigger inserted after insert or delete on firelock.jobs for each row execute function witness.write_down();
    create trigger updated after update on firelock.jobs for each row
      when ((old.state, old.attempt, old.server_id) is distinct from (new.state, new.attempt, new.server_id))
      execute function witness.write_down();`);
}

/** A change of a job; `from` is null for its insertion, `to` for its removal. */
export interface Move {
  readonly jobId: string;
  readonly from: State | null;
  readonly to: State | null;
  readonly fromAttempt: number | null;
  readonly attempt: number | null;
  readonly serverId: string | null;
}

/** What has been seen of all jobs, oldest first. */
export async function movesSeen(client: pg.Client): Promise<readonly Move[]> {
  const { rows } = await client.query<Move>(
    `select job_id as "jobId", from_state as "from", to_state as "to", from_attempt as "fromAttempt", attempt,
       server_id as "serverId"
     from witness.moves order by id`,
  );
  return rows;
}

/** The moves that may not be: none, if the product keeps I1 and I2 and never reuses an attempt's number (I5). */
export function unlawful(moves: readonly Move[]): readonly Move[] {
  const last = new Map<string, Move>();
  return moves.filter((move) => {
    const before = last.get(move.jobId);
    last.set(move.jobId, move);
    return !isLawful(move, before);
  });
}

function isLawful(move: Move, before: Move | undefined): boolean {
  const { from, to } = move;
  if (from === null) return before === undefined && move.attempt === 0 && isFirst(to);
  if (from !== before?.to || move.fromAttempt !== before.attempt) return false;
  if (to === null) return isFinal(from);
  const isClaim = to === 'processing';
  // Only a claim makes another attempt, and gives the job to a server.
  const sameAttempt = move.attempt === move.fromAttempt && move.serverId === before.serverId;
  const nextAttempt = move.attempt === (move.fromAttempt ?? 0) + 1 && move.serverId !== null;
  return stateRules[from].next.includes(to) && (isClaim ? nextAttempt : sameAttempt);
}

function isFirst(state: State | null): boolean {
  return state === 'enqueued' || state === 'scheduled';
}

/** Forgets what was seen, and the jobs, their history and the servers. */
export async function startAfresh(client: pg.Client): Promise<void> {
  for (const table of ['firelock.jobs', 'firelock.transitions', 'firelock.servers', 'witness.moves'])
    await client.query(`delete from ${table}`);
}
