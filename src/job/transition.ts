import type { ErrorRecord } from './error-record.js';
import type { State } from './state.js';

/**
 * What the end of an attempt does to its job: one constructor per outcome, carrying just its facts. The storage applies
 * a settlement only while the job is still in `processing` by the same server and attempt.
 */
export type Settlement =
  /** `result` is the raw JSON text of what the handler returned. */
  | { readonly state: 'succeeded'; readonly result?: string }
  /** The next attempt is due `delayMs` from now, by the database's clock. */
  | { readonly state: 'failed'; readonly error: ErrorRecord; readonly delayMs: number }
  | { readonly state: 'dead'; readonly error: ErrorRecord }
  | { readonly state: 'enqueued' }
  | { readonly state: 'scheduled'; readonly delayMs: number };

/** The handler returned; `result` is its raw JSON text, if it returned anything. */
export function succeeded(facts: { readonly result: string | undefined }): Settlement {
  return facts.result === undefined ? { state: 'succeeded' } : { state: 'succeeded', result: facts.result };
}

/** The attempt failed and another is planned. */
export function failed(facts: { readonly error: ErrorRecord; readonly delayMs: number }): Settlement {
  return { state: 'failed', ...facts };
}

/** The attempt failed and was the last: the job becomes a dead letter. */
export function dead(facts: { readonly error: ErrorRecord }): Settlement {
  return { state: 'dead', ...facts };
}

/** The server gave the job back unfinished: it runs again elsewhere and the attempt does not count. */
export function released(): Settlement {
  return { state: 'enqueued' };
}

/** The handler asked to be run again later: the attempt does not count. */
export function snoozed(facts: { readonly delayMs: number }): Settlement {
  return { state: 'scheduled', ...facts };
}

/** The same end without the value that Postgres refused to keep: the end counts more than what is told of it. */
export function withoutValue(settlement: Settlement, refusal: string): Settlement {
  switch (settlement.state) {
    case 'succeeded':
      return { state: 'succeeded', result: JSON.stringify({ resultNotStored: refusal }) };
    case 'failed':
    case 'dead':
      return {
        ...settlement,
        error: { name: 'Error', message: `The error could not be stored: ${refusal}` },
      };
    case 'enqueued':
    case 'scheduled':
      return settlement;
  }
}

/** A person's (or the app's) act on a job that no server is running. */
export interface Act {
  readonly kind: 'retry' | 'requeue' | 'delete' | 'reschedule';
  /** The states in which the act applies; in any other it changes nothing. */
  readonly from: readonly State[];
  readonly to: State;
}

/** Run a failed job or a dead letter again, now. */
export const retry: Act = { kind: 'retry', from: ['failed', 'dead'], to: 'enqueued' };

/** Put a job that is not running back into its queue, whatever its end was. */
export const requeue: Act = {
  kind: 'requeue',
  from: ['scheduled', 'failed', 'succeeded', 'dead', 'deleted'],
  to: 'enqueued',
};

/** Cancel a job; a running one loses its attempt. */
export const remove: Act = {
  kind: 'delete',
  from: ['awaiting', 'scheduled', 'enqueued', 'processing', 'failed', 'dead'],
  to: 'deleted',
};

/** Plan a waiting job for another instant. */
export const reschedule: Act = {
  kind: 'reschedule',
  from: ['scheduled', 'enqueued', 'failed'],
  to: 'scheduled',
};
