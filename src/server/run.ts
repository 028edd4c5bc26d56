import type { AnyJobDefinition } from '../job/definition.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import type { Attempt } from './attempt.js';

/** An attempt with its job's code and row. */
export interface Run {
  readonly definition: AnyJobDefinition;
  readonly attempt: Attempt;
  readonly claimed: ClaimedJob;
}

/** Calls the handler. `args` are what the definition's own schema has made of them. */
export function handle({ definition, attempt }: Run, args: unknown): unknown {
  // `never` has erased their types in AnyJobDefinition; the context has a `tx` where the definition says so.
  return definition.handler(args as never, attempt as never);
}
