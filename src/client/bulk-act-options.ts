import { z } from 'zod';
import type { Duration } from '../duration.js';
import { InvalidOptionsError } from '../errors.js';
import { checkOptions } from '../job/option-schema.js';
import { storable } from '../job/serialisation.js';
import { type State, states } from '../job/state.js';
import { type Act, remove, requeue, reschedule, retry } from '../job/transition.js';
import type { Search } from '../search/search.js';
import type { MatchesArgs } from '../storage/job-walk.js';

/** Which jobs an act is to be applied to: those of a state that match a search. */
export interface BulkSelection {
  readonly act: Act['kind'];
  readonly state: State;
  readonly search: Search;
  /** Decides about the args where some of them are hidden: see JobQuery. */
  readonly matchesArgs?: MatchesArgs | undefined;
}

/** An act on all matching jobs, as it is asked for. */
export interface BulkRequest extends BulkSelection {
  /** Who acts. */
  readonly by: string;
  readonly reason?: string | undefined;
  /** For `reschedule`: an instant, or a delay from now. */
  readonly when?: Duration | Date | undefined;
  /**
   * How many jobs the person was told of: nothing is started if there are more by now, counted up to 10,000, or if 2 s do not
   * suffice to count them.
   */
  readonly expectedAtMost?: number | undefined;
}

const acts = { retry, requeue, delete: remove, reschedule } as const satisfies Record<Act['kind'], Act>;

const selectionFields = {
  act: z.enum(['retry', 'requeue', 'delete', 'reschedule']),
  // As Object.keys gives them; there is at least one.
  state: z.enum(states as [State, ...State[]]),
  search: z.custom<Search>((value) => typeof value === 'object' && value !== null && 'conditions' in value),
  matchesArgs: z.custom<MatchesArgs>((value) => typeof value === 'function').optional(),
};

const selectionSchema = z.strictObject(selectionFields);

const requestSchema = z
  .strictObject({
    ...selectionFields,
    by: z.string().min(1).max(200).transform(storable),
    reason: z.string().max(2000).transform(storable).optional(),
    when: z.custom<Duration | Date>().optional(),
    expectedAtMost: z.int().min(0).optional(),
  })
  .refine(({ act, when }) => (act === 'reschedule') === (when !== undefined), {
    path: ['when'],
    message: "expected for 'reschedule', and only there",
  });

/** @throws InvalidOptionsError */
export function checkSelection(selection: BulkSelection): BulkSelection {
  return checkOptions('act on all that match', selectionSchema, selection);
}

/** @throws InvalidOptionsError, also for an act that no job of the state can be subject to */
export function checkRequest(request: BulkRequest): BulkRequest {
  const checked = checkOptions('act on all that match', requestSchema, request);
  const { act, state } = checked;
  if (appliesIn(act, state)) return checked;
  const message = `'${act}' does not apply to jobs that are ${state}; it does to ${acts[act].from.join(', ')}`;
  throw new InvalidOptionsError('act on all that match', [{ path: 'act', message }]);
}

export function actOf(kind: Act['kind']): Act {
  return acts[kind];
}

export function appliesIn(kind: Act['kind'], state: State): boolean {
  return acts[kind].from.includes(state);
}
