import { JobSnoozedError, JobTimeoutError, JobTransactionError } from '../errors.js';
import type { JobClient, Logger, RunningJob, TransactionalJobContext } from '../job/context.js';
import { type Duration, milliseconds } from '../duration.js';
import { priorityOfRank } from '../job/priority.js';
import type { JobLogger } from '../job/job-logger.js';
import { checkBarName, checkPercent } from '../job/progress.js';
import type { JobTransaction } from '../job/transaction.js';
import type { AttemptTransaction } from '../storage/attempt-transaction.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import { AttemptLog } from './attempt-log.js';
import { AttemptOutput, MAIN_BAR } from './attempt-output.js';
import type { Output } from './output.js';

export interface AttemptParts {
  /** What the handler of a job enqueues with: the jobs name this one as their origin. */
  readonly clientFor: (originId: string) => JobClient;
  /** The server's. */
  readonly logger: Logger;
  readonly output: Output;
}

/**
 * One attempt while it runs: the context that its handler sees. Job, signal, logger, client and output are made when they are
 * first asked for, because most handlers of tiny jobs ask for none of them and they would cost more than the rest.
 */
export class Attempt implements TransactionalJobContext {
  readonly #claimed: ClaimedJob;
  readonly #parts: AttemptParts;
  #firelock: JobClient | undefined;
  #job: RunningJob | undefined;
  #logger: Logger | undefined;
  #log: JobLogger | undefined;
  #output: AttemptOutput | undefined;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;
  #snoozed: JobSnoozedError | undefined;
  #transaction: AttemptTransaction | undefined;
  #isGivenUp = false;

  constructor(claimed: ClaimedJob, parts: AttemptParts) {
    this.#claimed = claimed;
    this.#parts = parts;
  }

  get firelock(): JobClient {
    this.#firelock ??= this.#parts.clientFor(this.#claimed.id);
    return this.#firelock;
  }

  get job(): RunningJob {
    this.#job ??= runningJob(this.#claimed);
    return this.#job;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** For what Firelock itself remarks on the attempt: the server's logger alone, because the history tells it already. */
  get logger(): Logger {
    const { id, name, attempt } = this.#claimed;
    this.#logger ??= this.#parts.logger.child({ job: { id, name, attempt } });
    return this.#logger;
  }

  get log(): JobLogger {
    this.#log ??= new AttemptLog(this.logger, this.#told());
    return this.#log;
  }

  /** A getter, so that a handler may take it off its context; the next as well. */
  get progress(): (percent: number) => void {
    return (percent) => this.#told().move(MAIN_BAR, checkPercent('progress', percent));
  }

  get progressBar(): (name: string) => (percent: number) => void {
    return (name) => {
      const bar = checkBarName(name);
      return (percent) => this.#told().move(bar, checkPercent(`progressBar '${bar}'`, percent));
    };
  }

  /** @throws JobTransactionError where there is none */
  get tx(): JobTransaction {
    if (this.#transaction !== undefined) return this.#transaction.tx;
    throw new JobTransactionError(
      `Job '${this.job.name}' has no ctx.tx: define it with 'transactional: true', which must be known where it runs.`,
    );
  }

  /** A getter, so that a handler may take it off its context. */
  get snooze(): (delay: Duration) => never {
    return (delay) => {
      const snoozed = new JobSnoozedError(milliseconds(delay));
      // Of a timeout and a snooze, the first decides: what came later found the attempt ended.
      if (!this.isTimedOut) this.#snoozed = snoozed;
      throw snoozed;
    };
  }

  /** How long the handler asked to be snoozed, if it did so in time. */
  get snoozeMs(): number | undefined {
    return this.#snoozed?.delayMs;
  }

  /** Whether this is what `snooze` threw. */
  isSnooze(thrown: unknown): boolean {
    return thrown === this.#snoozed;
  }

  /** Why the attempt was told to stop, if it was. */
  get abortReason(): Error | undefined {
    return this.#abortReason;
  }

  get isTimedOut(): boolean {
    return this.#abortReason instanceof JobTimeoutError;
  }

  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#transaction?.abort(this.#abortReason);
    this.#controller?.abort(this.#abortReason);
  }

  /** @throws the reason why the attempt was told to stop, if it was */
  throwIfAborted(): void {
    if (this.#abortReason !== undefined) throw this.#abortReason;
  }

  /** Whether the handler has ended and its transaction is being committed. */
  get isCommitting(): boolean {
    return this.#transaction?.isCommitting ?? false;
  }

  /** From now on `tx` is this one. */
  enter(transaction: AttemptTransaction): void {
    this.#transaction = transaction;
    if (this.#abortReason !== undefined) transaction.abort(this.#abortReason);
  }

  /** Nothing of its transaction can be committed any more. */
  breakOff(): void {
    this.#transaction?.destroy();
  }

  /** What of it still runs changes nothing any more. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#told().close();
    this.breakOff();
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  #told(): AttemptOutput {
    this.#output ??= new AttemptOutput(this.#claimed, this.#parts.output);
    return this.#output;
  }
}

/** Milliseconds are rounded: a double that came from Postgres' seconds may miss them by a hair, and a Date cuts off. */
export function runningJob(claimed: ClaimedJob): RunningJob {
  const { extras } = claimed;
  return {
    id: claimed.id,
    name: claimed.name,
    queue: claimed.queue,
    priority: priorityOfRank(claimed.priority),
    attempt: claimed.attempt,
    attemptLimit: claimed.attemptLimit,
    createdAt: new Date(Number(claimed.createdAtMs)),
    recurringJobId: extras?.recurringJobId,
    occurrence: extras?.occurrenceMs === undefined ? undefined : new Date(Math.round(extras.occurrenceMs)),
  };
}
