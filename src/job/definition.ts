import type { StandardSchemaV1 } from '@standard-schema/spec';
import { z } from 'zod';
import type { JobContext, TransactionalJobContext } from './context.js';
import type { JobContract } from './contract.js';
import type { Duration } from '../duration.js';
import {
  attemptsSchema,
  checkOptions,
  durationSchema,
  nameSchema,
  prioritySchema,
  timeoutSchema,
} from './option-schema.js';
import type { Priority } from './priority.js';
import { type RetryOptions, retryPolicy } from './retry-policy.js';
import { tagsSchema } from './tags.js';

/** The code of a job: args and context in, the result out. */
export type Handler<Output, Result, Context = JobContext> = (
  args: Output,
  context: Context,
) => Result | Promise<Result>;

/** What handlers are given: with `transactional: true` also a transaction. */
export type ContextOf<Transactional extends boolean> = Transactional extends true
  ? TransactionalJobContext
  : JobContext;

/** How jobs of a name are enqueued, run and retried. */
export interface JobOptions<
  Name extends string,
  Schema extends StandardSchemaV1,
  Transactional extends boolean = boolean,
> {
  /** Finds the handler: never rename a job while jobs of the old name may be waiting. */
  readonly name: Name;
  /** Any Standard Schema (zod, valibot, arktype, …) of the args; checked when enqueued and again when run. */
  readonly args?: Schema;
  /** Default `'default'`. */
  readonly queue?: string;
  /** Default `'normal'`. */
  readonly priority?: Priority;
  /**
   * How long one attempt may take before `ctx.signal` is aborted and the attempt has failed: up to 24 days. Default: no
   * limit. Code that does not heed the signal cannot be stopped: see `ctx.signal`.
   */
  readonly timeout?: Duration;
  readonly retry?: RetryOptions;
  /**
   * By which jobs of this name can be found; a call may add others. Up to 20, each of up to 128 characters. Runs of recurring
   * jobs bear none.
   */
  readonly tags?: readonly string[];
  /**
   * Run the handler in a transaction, `ctx.tx`, that commits together with the job's success: what the handler writes with
   * it takes effect exactly once. A handler that meets a serialization failure or a deadlock is run again at once, up to
   * five times an attempt. Default false.
   */
  readonly transactional?: Transactional;
}

/** A contract that still needs its handler. */
export interface UnhandledJob<Input, Output, Context = JobContext> extends JobContract<Input> {
  readonly transactional: boolean;
  /** The same job with the code that runs it: what a worker process imports. */
  withHandler<Result>(
    handler: Handler<Output, Result, Context>,
  ): JobDefinition<Input, Output, Result, Context>;
}

/** A job with its code: what a server runs. */
export interface JobDefinition<Input, Output, Result, Context = JobContext> extends JobContract<Input> {
  readonly transactional: boolean;
  readonly handler: Handler<Output, Result, Context>;
}

/** Any definition, whatever its types: `never` because args and context are only ever passed in. */
export type AnyJobDefinition = JobDefinition<never, never, unknown, never>;

const optionsSchema = z.strictObject({
  name: nameSchema,
  args: z
    .custom<StandardSchemaV1>(isStandardSchema, 'expected a Standard Schema, such as z.object({ … })')
    .optional(),
  queue: nameSchema.default('default'),
  priority: prioritySchema.default('normal'),
  timeout: timeoutSchema.optional(),
  transactional: z.boolean().default(false),
  retry: z
    .strictObject({
      attempts: attemptsSchema.optional(),
      delays: z
        .union([
          z.custom<(attempt: number, error: unknown) => Duration>(isFunction),
          z.array(durationSchema).min(1),
        ])
        .optional(),
    })
    .optional(),
  tags: tagsSchema.default([]),
  handler: z.custom<Handler<never, unknown, never>>(isFunction, 'expected a function').optional(),
});

/**
 * Defines a job: its name, the schema of its args, and how it is queued and retried; with `handler` also the code.
 * Defining has no effect on the database and may be repeated; a server refuses two definitions of one name.
 *
 * @throws InvalidOptionsError for unknown or bad options, all at once
 * @example
 * const sendWelcome = defineJob({
 *   name: 'send-welcome-email',
 *   args: z.object({ userId: z.number().int() }),
 *   queue: 'emails',
 *   retry: { attempts: 3, delays: ['1m', '5m'] },
 *   handler: async ({ userId }, ctx) => { ctx.log.info({ userId }, 'sending'); },
 * });
 */
export function defineJob<
  const Name extends string,
  Schema extends StandardSchemaV1,
  Result,
  Transactional extends boolean = false,
>(
  options: JobOptions<Name, Schema, Transactional> & {
    readonly args: Schema;
    readonly handler: Handler<
      NoInfer<StandardSchemaV1.InferOutput<Schema>>,
      Result,
      ContextOf<NoInfer<Transactional>>
    >;
  },
): JobDefinition<
  StandardSchemaV1.InferInput<Schema>,
  StandardSchemaV1.InferOutput<Schema>,
  Result,
  ContextOf<Transactional>
>;
export function defineJob<const Name extends string, Result, Transactional extends boolean = false>(
  options: JobOptions<Name, never, Transactional> & {
    readonly args?: never;
    readonly handler: Handler<void, Result, ContextOf<NoInfer<Transactional>>>;
  },
): JobDefinition<void, void, Result, ContextOf<Transactional>>;
export function defineJob<
  const Name extends string,
  Schema extends StandardSchemaV1,
  Transactional extends boolean = false,
>(
  options: JobOptions<Name, Schema, Transactional> & { readonly args: Schema; readonly handler?: never },
): UnhandledJob<
  StandardSchemaV1.InferInput<Schema>,
  StandardSchemaV1.InferOutput<Schema>,
  ContextOf<Transactional>
>;
export function defineJob<const Name extends string, Transactional extends boolean = false>(
  options: JobOptions<Name, never, Transactional> & { readonly args?: never; readonly handler?: never },
): UnhandledJob<void, void, ContextOf<Transactional>>;
export function defineJob(options: unknown): JobContract<never> {
  const {
    args: schema,
    timeout: timeoutMs,
    retry = {},
    handler,
    ...rest
  } = checkOptions('defineJob', optionsSchema, options);
  const contract = { ...rest, schema, timeoutMs, retry: retryPolicy(retry) };
  return handler === undefined ? unhandled(contract) : Object.freeze({ ...contract, handler });
}

function unhandled(
  contract: JobContract<never> & { readonly transactional: boolean },
): UnhandledJob<never, never, never> {
  return Object.freeze({
    ...contract,
    withHandler: <Result>(handler: Handler<never, Result, never>) => Object.freeze({ ...contract, handler }),
  });
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isStandardSchema(value: unknown): boolean {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value;
}
