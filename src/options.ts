import { pino } from 'pino';
import { z } from 'zod';
import { InvalidServerJobsError } from './errors.js';
import type { Logger } from './job/context.js';
import type { AnyJobDefinition } from './job/definition.js';
import type { Duration } from './duration.js';
import { GuardedLogger } from './job/guarded-logger.js';
import { checkOptions, durationSchema, nameSchema } from './job/option-schema.js';
import type { ConnectionOptions } from './storage/connections.js';

/** Options of `createFirelock`: one of `connectionString`, `pool` and `kysely`, and any of the others. */
export type FirelockOptions = ConnectionOptions & {
  /** The schema that holds Firelock's tables. Several installations may share a database. Default `'firelock'`. */
  readonly schema?: string;
  /** How long jobs are kept after they ended. Default: succeeded and deleted 1 day, dead letters 30 days. */
  readonly retention?: {
    readonly succeeded?: Duration;
    readonly deleted?: Duration;
    readonly dead?: Duration;
  };
  /** Any logger with pino's methods. Default: pino on standard output, from level `info`. */
  readonly logger?: Logger;
};

/** Milliseconds by final state. */
export interface Retention {
  readonly succeeded: number;
  readonly deleted: number;
  readonly dead: number;
}

export interface ServerOptions {
  /** The jobs that this server runs: it claims no others. */
  readonly jobs: readonly AnyJobDefinition[];
  /**
   * The queues that it takes jobs from, and how many of each run at once (1 to 10,000). Default: the queues of the jobs'
   * definitions and `default`, 10 slots each.
   */
  readonly queues?: Readonly<Record<string, number>>;
  /** For people; default: host name and process id. */
  readonly name?: string;
  /**
   * How long running jobs may go on when the server stops, unless `stop` says otherwise: also when it is asked to from elsewhere,
   * or by `firelock.close()`. Default 30 s.
   */
  readonly grace?: Duration;
}

/** Options of `server.stop`. */
export interface StopOptions {
  /**
   * How long running jobs may go on before they are aborted and given back. Default: the server's, or what an earlier call has
   * said.
   */
  readonly grace?: Duration;
}

const DAY_MS = 24 * 3_600_000;

const retentionSchema = z.strictObject({
  succeeded: durationSchema.default(DAY_MS),
  deleted: durationSchema.default(DAY_MS),
  dead: durationSchema.default(30 * DAY_MS),
});

const firelockSchema = z
  .strictObject({
    connectionString: z
      .string()
      .min(1, 'expected a Postgres URL, such as postgres://user@host/database')
      .optional(),
    pool: z
      .custom<NonNullable<ConnectionOptions['pool']>>(hasMethod('connect'), 'expected a pg Pool')
      .optional(),
    kysely: z
      .custom<NonNullable<ConnectionOptions['kysely']>>(hasMethod('selectFrom'), 'expected a Kysely')
      .optional(),
    schema: z
      .string()
      .regex(
        /^(?!pg_)[a-z_][a-z0-9_]{0,47}$/,
        "expected up to 48 of a-z, 0-9 and _, not starting with a digit or 'pg_'",
      )
      .default('firelock'),
    retention: retentionSchema.prefault({}),
    logger: z.custom<Logger>(hasMethod('child'), 'expected a logger with the methods of pino').optional(),
  })
  .superRefine((options, context) => {
    const given = [options.connectionString, options.pool, options.kysely].filter(
      (value) => value !== undefined,
    );
    if (given.length === 1) return;
    const message = `expected exactly one of connectionString, pool and kysely, got ${given.length}`;
    context.addIssue({ code: 'custom', message });
  });

const serverSchema = z.strictObject({
  jobs: z
    .array(z.custom<AnyJobDefinition>(isJob, 'expected a job of defineJob'))
    .min(1, 'expected at least one job'),
  queues: z
    .record(nameSchema, z.int().min(1).max(10_000))
    .refine((queues) => Object.keys(queues).length > 0, 'expected at least one queue')
    .optional(),
  name: z.string().min(1).max(200).optional(),
  grace: durationSchema.default(30_000),
});

const stopSchema = z.strictObject({ grace: durationSchema.optional() }).prefault({});

export interface CheckedFirelockOptions {
  readonly connection: ConnectionOptions;
  readonly schema: string;
  readonly retention: Retention;
  readonly logger: Logger;
}

/** @throws InvalidOptionsError */
export function checkFirelockOptions(options: FirelockOptions): CheckedFirelockOptions {
  const { schema, retention, logger, ...connection } = checkOptions(
    'createFirelock',
    firelockSchema,
    options,
  );
  return {
    // Exactly one of the three is there: the schema's refinement has seen to it.
    connection: connection as ConnectionOptions,
    schema,
    retention,
    logger: new GuardedLogger(logger ?? pino({ name: 'firelock' })),
  };
}

export interface CheckedServerOptions {
  readonly jobs: readonly AnyJobDefinition[];
  readonly queues: Readonly<Record<string, number>>;
  readonly name: string | undefined;
  readonly graceMs: number;
}

const DEFAULT_SLOTS = 10;

/** @throws InvalidOptionsError, InvalidServerJobsError */
export function checkServerOptions(options: ServerOptions): CheckedServerOptions {
  const { jobs, queues, name, grace: graceMs } = checkOptions('createServer', serverSchema, options);
  const names = new Set<string>();
  for (const job of jobs) {
    if (typeof job.handler !== 'function') {
      throw new InvalidServerJobsError(`Job '${job.name}' has no handler. Give it one with withHandler(…).`);
    }
    if (names.has(job.name)) {
      throw new InvalidServerJobsError(
        `Two jobs are named '${job.name}'. Names find handlers, so each must be unique.`,
      );
    }
    names.add(job.name);
  }
  const own = Object.fromEntries(
    ['default', ...jobs.map(({ queue }) => queue)].map((queue) => [queue, DEFAULT_SLOTS]),
  );
  return { jobs, queues: queues ?? own, name, graceMs };
}

/** The grace in milliseconds, if one is given. @throws InvalidOptionsError */
export function checkStopOptions(options: StopOptions | undefined): number | undefined {
  return checkOptions('stop', stopSchema, options).grace;
}

function isJob(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && 'retry' in value;
}

function hasMethod(method: string): (value: unknown) => boolean {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    method in value &&
    typeof Reflect.get(value, method) === 'function';
}
