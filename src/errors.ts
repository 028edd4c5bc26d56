import { type Duration, readDuration } from './read-duration.js';

/**
 * Every error that Firelock throws on purpose. Each has a stable `code`; `docs/errors.md` lists them all.
 * A message says what happened, with the value, then what to do.
 */
export abstract class FirelockError extends Error {
  /** Stable, machine-readable name of what went wrong; use it instead of the message. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One thing that is wrong with a value: where, and what was expected there. */
export interface Problem {
  /** Path inside the value, for example `retry.attempts`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

/** An option is unknown, missing or has a bad value. All problems are reported at once. */
export class InvalidOptionsError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_OPTIONS';

  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
  ) {
    super(`${subject}: ${listProblems(problems)}`);
  }
}

/** The args do not fit the job's schema: nothing was enqueued, or this attempt was not started. */
export class InvalidArgsError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_ARGS';

  constructor(
    readonly jobName: string,
    readonly problems: readonly Problem[],
  ) {
    super(`The args of job '${jobName}' do not fit its schema: ${listProblems(problems)}`);
  }
}

/** The value has no faithful form as JSON in Postgres: nothing was written. */
export class UnstorableValueError extends FirelockError {
  readonly code = 'FIRELOCK_UNSTORABLE_VALUE';

  constructor(
    readonly path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${path} cannot be stored: ${reason}`, options);
  }
}

/** A job's id is not a decimal string. */
export class InvalidJobIdError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_JOB_ID';

  constructor(readonly value: unknown) {
    super(`Invalid job id ${display(value)}: expected the decimal string that enqueue returned.`);
  }
}

/** A duration is not a number of milliseconds nor a string with units. */
export class InvalidDurationError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_DURATION';

  constructor(
    readonly value: unknown,
    reason: string,
  ) {
    super(
      `Invalid duration ${display(value)}: ${reason}. ` +
        `Use milliseconds (90000) or a string with units ('90s', '1h30m').`,
    );
  }
}

/** A cron expression, a time zone or an instant of a schedule is wrong. */
export class InvalidScheduleError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_SCHEDULE';

  constructor(
    readonly value: unknown,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Invalid schedule ${display(value)}: ${reason}`, options);
  }
}

/** A calendar cannot be removed while recurring jobs name it. */
export class CalendarInUseError extends FirelockError {
  readonly code = 'FIRELOCK_CALENDAR_IN_USE';

  constructor(
    readonly calendar: string,
    readonly recurringJobIds: readonly string[],
  ) {
    super(
      `The calendar '${calendar}' is used by ${recurringJobIds.map((id) => `'${id}'`).join(', ')}. ` +
        'Take it off those recurring jobs, or remove them, first.',
    );
  }
}

/** An act on all matching jobs would touch more of them than was said: nothing was started. */
export class MoreJobsMatchError extends FirelockError {
  readonly code = 'FIRELOCK_MORE_JOBS_MATCH';

  constructor(
    readonly matching: number,
    readonly expectedAtMost: number,
  ) {
    super(
      `${matching} jobs match by now, or more; ${expectedAtMost} at most were expected. ` +
        'Look at what matches and start again.',
    );
  }
}

/** The value given as `tx` is not an open transaction of a known library. */
export class UnsupportedTransactionError extends FirelockError {
  readonly code = 'FIRELOCK_UNSUPPORTED_TRANSACTION';
}

/** The database's Firelock schema does not exist, or is older than this release. */
export class MigrationRequiredError extends FirelockError {
  readonly code = 'FIRELOCK_MIGRATION_REQUIRED';

  constructor(readonly schema: string) {
    super(
      `Schema '${schema}' is missing or older than this release of Firelock. ` +
        `Run 'npx firelock migrate --schema ${schema}', or call 'await firelock.migrate()' when your app starts.`,
    );
  }
}

/** The database was migrated by a newer release than this one. */
export class NewerSchemaError extends FirelockError {
  readonly code = 'FIRELOCK_NEWER_SCHEMA';

  constructor(
    readonly schema: string,
    readonly unknownMigration: string,
  ) {
    super(
      `Schema '${schema}' was migrated by a newer release of Firelock (it has '${unknownMigration}'). ` +
        'Upgrade this process to that release or later.',
    );
  }
}

/** A server was given a job definition that has no handler, or two with the same name. */
export class InvalidServerJobsError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_SERVER_JOBS';
}

/** The attempt ran longer than the job's `timeout`. Recorded on the attempt, and the reason of `ctx.signal`. */
export class JobTimeoutError extends FirelockError {
  readonly code = 'FIRELOCK_JOB_TIMEOUT';

  constructor(readonly timeoutMs: number) {
    super(
      `The attempt ran longer than its timeout of ${timeoutMs} ms. ` +
        "Raise the job's 'timeout', or split its work.",
    );
  }
}

/** The server is stopping and its grace is over: the reason of `ctx.signal`. The attempt does not count. */
export class ServerStoppingError extends FirelockError {
  readonly code = 'FIRELOCK_SERVER_STOPPING';

  constructor() {
    super('The server is stopping: stop work now. The job is released and runs again elsewhere.');
  }
}

/** The attempt is no longer this server's, because its lease was lost: the reason of `ctx.signal`. */
export class AttemptLostError extends FirelockError {
  readonly code = 'FIRELOCK_ATTEMPT_LOST';

  constructor(
    readonly jobId: string,
    readonly attempt: number,
  ) {
    super(
      `Attempt ${attempt} of job ${jobId} is no longer this server's: stop work, its outcome is not recorded.`,
    );
  }
}

/** The job was deleted while it ran: the reason of `ctx.signal`. */
export class JobCancelledError extends FirelockError {
  readonly code = 'FIRELOCK_JOB_CANCELLED';

  constructor(readonly jobId: string) {
    super(`Job ${jobId} was deleted: stop work, the outcome of this attempt is not recorded.`);
  }
}

/** The server cannot renew its lease, so others may soon start its jobs: the reason of `ctx.signal`. */
export class LeaseExpiredError extends FirelockError {
  readonly code = 'FIRELOCK_LEASE_EXPIRED';

  constructor() {
    super(
      'The server cannot reach Postgres to renew its lease: stop work now. The job may run again elsewhere.',
    );
  }
}

/** The server that ran the attempt fell silent or left; recorded on the attempt. */
export class ServerLostError extends FirelockError {
  readonly code = 'FIRELOCK_SERVER_LOST';
}

/** A method was called after `close()`, or a server was started twice. */
export class InvalidLifecycleError extends FirelockError {
  readonly code = 'FIRELOCK_INVALID_LIFECYCLE';
}

/**
 * Throw it in a handler: the attempt has failed and counts, and the next comes after exactly this long. If it was the last
 * attempt, the job is a dead letter.
 * @throws InvalidDurationError
 * @example
 * if (response.status === 429) throw new RetryAfter('5m', { cause: await response.text() });
 */
export class RetryAfter extends FirelockError {
  readonly code = 'FIRELOCK_RETRY_AFTER';
  readonly delayMs: number;

  constructor(delay: Duration, options?: ErrorOptions) {
    const read = readDuration(delay);
    if (typeof read !== 'number') throw new InvalidDurationError(delay, read.problem);
    const said = typeof delay === 'number' ? `${delay} ms` : delay;
    super(`The handler asked for the next attempt after ${said}.`, options);
    this.delayMs = read;
  }
}

/**
 * Throw it in a handler whose job can never succeed: it becomes a dead letter at once, whatever attempts are left, and says
 * the reason.
 * @example
 * if (order === undefined) throw new DoNotRetry(`there is no order ${orderId}`);
 */
export class DoNotRetry extends FirelockError {
  readonly code = 'FIRELOCK_DO_NOT_RETRY';
}

/** What `ctx.snooze` throws to end the handler. Let it pass; a handler that swallows it is snoozed all the same. */
export class JobSnoozedError extends FirelockError {
  readonly code = 'FIRELOCK_JOB_SNOOZED';

  constructor(readonly delayMs: number) {
    super(`The job runs again in ${delayMs} ms. This ends the handler: let it pass.`);
  }
}

/** `ctx.tx` was used where it is not there, or the handler has left its transaction in a state that cannot be committed. */
export class JobTransactionError extends FirelockError {
  readonly code = 'FIRELOCK_JOB_TRANSACTION';
}

/** The connection broke while a job's transaction was being committed. If Postgres kept it, the job has succeeded. */
export class CommitUnknownError extends FirelockError {
  readonly code = 'FIRELOCK_COMMIT_UNKNOWN';

  constructor(options: ErrorOptions) {
    super(
      "The connection broke while this attempt's transaction was being committed, and Postgres did not keep it.",
      options,
    );
  }
}

/** The embedded Postgres could not be found or started. */
export class EmbeddedPostgresError extends FirelockError {
  readonly code = 'FIRELOCK_EMBEDDED_POSTGRES';
}

function listProblems(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}

/** A short, safe rendering of any value for a message. */
function display(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 80 ? `${value.slice(0, 77)}...` : value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value);
  }
  return value instanceof Date ? 'Date' : `a ${typeof value}`;
}
