/** Calls that this release may not have yet, and whether it has them: where not, nobody orders the jobs that need them. */
import type { z } from 'zod';
import { InvalidOptionsError } from '../../src/errors.js';
import type { JobContext } from '../../src/job/context.js';
import { type AnyJobDefinition, defineJob } from '../../src/job/definition.js';
import type { RetryOptions } from '../../src/job/retry-policy.js';
import type { PgTransaction } from '../../src/job/transaction.js';
import { Attempt } from '../../src/server/attempt.js';

export type TransactionalContext = JobContext & { readonly tx: PgTransaction };

interface TransactionalOptions<Schema extends z.ZodType> {
  readonly name: string;
  readonly args: Schema;
  readonly retry: RetryOptions;
  readonly handler: (args: z.output<Schema>, ctx: TransactionalContext) => Promise<unknown>;
}

/** `defineJob({ transactional: true, … })`. */
export function defineTransactional<Schema extends z.ZodType>(
  options: TransactionalOptions<Schema>,
): AnyJobDefinition {
  // The option is not in the types of a release that does not know it.
  const define = defineJob as unknown as (options: object) => AnyJobDefinition;
  return define({ ...options, transactional: true });
}

export const hasTransactionalJobs = accepted(() =>
  // Without a schema: only the option is tried.
  defineTransactional({ name: 'probe', handler: () => Promise.resolve() } as never),
);

export const hasSnooze = 'snooze' in Attempt.prototype;

/** `ctx.snooze(duration)`, whether it throws or its answer is to be returned. */
export async function snooze(ctx: JobContext, duration: string): Promise<unknown> {
  return (ctx as JobContext & { snooze(duration: string): unknown }).snooze(duration);
}

function accepted(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (error instanceof InvalidOptionsError) return false;
    throw error;
  }
}
