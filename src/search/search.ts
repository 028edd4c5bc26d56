import type { Priority } from '../job/priority.js';
import type { State } from '../job/state.js';
import type { Moment } from './moment.js';

/** Which jobs are looked for: every condition must hold. `parseSearch` reads it from a text, `formatSearch` writes it. */
export interface Search {
  readonly conditions: readonly Condition[];
}

/** The literal pieces of a text between its wildcards: a text without one is a single piece. */
export type Pattern = readonly string[];

/** A value of an arg. One that is said without quotes also fits the number, boolean or null that it reads as. */
export interface ArgsValue {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** One of the values must fit; where it is negated, none may. */
interface Choice<On extends string, Value> {
  readonly on: On;
  readonly isNegated: boolean;
  readonly values: readonly Value[];
}

/** `text` is a bare word: it occurs in the job's name or its last error. */
export type PatternSubject = 'name' | 'queue' | 'tag' | 'server' | 'recurring' | 'error' | 'text';
export type PatternCondition = { readonly [On in PatternSubject]: Choice<On, Pattern> }[PatternSubject];
/** An empty path is the args as a whole. */
export type ArgsCondition = Choice<'args', ArgsValue> & { readonly path: readonly string[] };

/** From an instant on (`after`), or up to it (`before`), which is not included. */
export type TimeCondition =
  | { readonly on: 'after'; readonly moment: Moment }
  | { readonly on: 'before'; readonly moment: Moment };

export type Condition =
  | Choice<'id', string>
  | Choice<'state', State>
  | Choice<'priority', Priority>
  | PatternCondition
  | ArgsCondition
  | TimeCondition;

/** The search that every job fits. */
export const everything: Search = { conditions: [] };

/** The condition on this, of which a search has at most one; not the negated one. */
export function conditionOn<On extends Condition['on']>(
  { conditions }: Search,
  on: On,
): Extract<Condition, { readonly on: On }> | undefined {
  return conditions.find(
    (condition): condition is Extract<Condition, { readonly on: On }> =>
      condition.on === on && !('isNegated' in condition && condition.isNegated),
  );
}
