import { type AttemptId, attemptKey } from '../job/attempt-id.js';
import type { Ending } from '../job/job.js';
import type { Executor, Statement } from './statement.js';

/** How the handler of an attempt ended that was no longer its server's. */
export interface EndedAttempt extends AttemptId {
  readonly ending: Ending;
  /** How long ago, in milliseconds. */
  readonly agoMs: number;
}

/** Writes down how handlers ended whose jobs were deleted while they ran; answers which these were, by `attemptKey`. */
export async function recordEndings(
  executor: Executor,
  ended: readonly EndedAttempt[],
): Promise<ReadonlySet<string>> {
  const rows = await executor.run<AttemptId>(statement, [JSON.stringify(ended.map(toJson))]);
  return new Set(rows.map(attemptKey));
}

/**
 * An attempt is deleted once at most, so job and attempt name one row, whatever has become of the job since. A call whose
 * answer was lost is repeated: it answers the same, and the first ending stays. The database's clock says when, less the
 * time that the word was on its way; a handler may have ended a moment before the deletion that made its outcome void.
 */
const statement: Statement = {
  name: 'record-endings',
  text: `
    with given as materialized (
      select *
      from json_to_recordset($1::json) as given(id bigint, attempt integer, ending text, ago_ms double precision)
    )
    update firelock.transitions
    set
      ended_at = coalesce(
        transitions.ended_at,
        greatest(transitions.at, clock_timestamp() - given.ago_ms * interval '1 millisecond')
      ),
      ending = coalesce(transitions.ending, given.ending)
    from given
    where transitions.job_id = given.id
      and transitions.attempt = given.attempt
      and transitions.from_state = 'processing'
      and transitions.to_state = 'deleted'
    returning transitions.job_id::text as id, transitions.attempt`,
};

function toJson({ id, attempt, ending, agoMs }: EndedAttempt): object {
  return { id, attempt, ending, ago_ms: agoMs };
}
