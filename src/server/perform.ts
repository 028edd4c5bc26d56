import {
  AttemptLostError,
  JobCancelledError,
  JobTimeoutError,
  LeaseExpiredError,
  ServerStoppingError,
} from '../errors.js';
import { decodeArgs } from '../job/args.js';
import type { AttemptId } from '../job/attempt-id.js';
import type { JobClient, Logger, RunningJob } from '../job/context.js';
import type { AnyJobDefinition } from '../job/definition.js';
import { errorRecord } from '../job/error-record.js';
import { hangfireDelayMs, listedDelayMs } from '../job/retry-policy.js';
import { serialiseResult } from '../job/serialisation.js';
import { dead, failed, released, type Settlement, succeeded } from '../job/transition.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import { Attempt } from './attempt.js';

/** Runs attempts of the jobs that a server has handlers for, and knows which are running. */
export class Performer {
  readonly #jobs: ReadonlyMap<string, AnyJobDefinition>;
  readonly #surroundings: { readonly client: JobClient; readonly logger: Logger };
  readonly #running = new Set<Attempt>();
  readonly #whenIdle: (() => void)[] = [];

  constructor(
    jobs: readonly AnyJobDefinition[],
    surroundings: { readonly client: JobClient; readonly logger: Logger },
  ) {
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#surroundings = surroundings;
  }

  /** Tells every running handler to stop. */
  abortAll(reasonFor: (job: RunningJob) => Error): void {
    for (const attempt of this.#running) attempt.abort(reasonFor(attempt.job));
  }

  /** Tells those running handlers to stop for which there is a reason. */
  abortThose(reasonFor: (job: RunningJob) => Error | undefined): void {
    for (const attempt of this.#running) {
      const reason = reasonFor(attempt.job);
      if (reason !== undefined) attempt.abort(reason);
    }
  }

  /** Whether the handler of this attempt is running. */
  runs({ id, attempt }: AttemptId): boolean {
    for (const { job } of this.#running) if (job.id === id && job.attempt === attempt) return true;
    return false;
  }

  /** Resolves when no handler is running. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#tellIfIdle();
    });
  }

  /** Runs one attempt and says how it ended, or undefined if nothing is left to settle; never rejects. */
  async perform(claimed: ClaimedJob): Promise<Settlement | undefined> {
    const definition = this.#jobs.get(claimed.name);
    // Cannot be: claims name the jobs that the server has handlers for.
    if (definition === undefined) return released();
    const attempt = new Attempt(claimed, this.#surroundings);
    this.#running.add(attempt);
    try {
      return succeeded({ result: serialiseResult(await run(definition, attempt, claimed.args)) });
    } catch (error) {
      return this.#settlementOf(error, { definition, attempt, claimed });
    } finally {
      this.#running.delete(attempt);
      this.#tellIfIdle();
    }
  }

  #tellIfIdle(): void {
    if (this.#running.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #settlementOf(error: unknown, { definition, attempt, claimed }: FailedAttempt): Settlement {
    if (takesTheJobBack(attempt.abortReason)) return released();
    const record = errorRecord(error);
    if (claimed.attempt >= claimed.attemptLimit) {
      attempt.log.error({ error: record }, 'the job failed and has no attempts left: it is a dead letter');
      return dead({ error: record });
    }
    const delayMs = this.#delayMs(error, { definition, attempt, claimed });
    attempt.log.warn({ error: record, delayMs }, 'the attempt failed and will be repeated');
    return failed({ error: record, delayMs });
  }

  #delayMs(error: unknown, { definition, attempt, claimed }: FailedAttempt): number {
    // Attempts that were given back are not failures: they move no job along its delays.
    const failure = { attempt: claimed.attempt - claimed.uncounted, error, random: Math.random() };
    if (claimed.retryDelaysMs !== null) return listedDelayMs(claimed.retryDelaysMs, failure.attempt);
    try {
      return definition.retry.delayMs(failure);
    } catch (failureOfDelays) {
      attempt.log.error(
        { error: errorRecord(failureOfDelays) },
        "the job's own 'delays' function failed: the default delay is used",
      );
      return hangfireDelayMs(failure);
    }
  }
}

/**
 * What such an attempt throws is no failure of the job: it was told to stop. Where the job is another's by now, or deleted,
 * giving it back changes nothing.
 */
function takesTheJobBack(reason: Error | undefined): boolean {
  return (
    reason instanceof ServerStoppingError ||
    reason instanceof LeaseExpiredError ||
    reason instanceof JobCancelledError ||
    reason instanceof AttemptLostError
  );
}

interface FailedAttempt {
  readonly definition: AnyJobDefinition;
  readonly attempt: Attempt;
  readonly claimed: ClaimedJob;
}

async function run(definition: AnyJobDefinition, attempt: Attempt, stored: unknown): Promise<unknown> {
  // decodeArgs gives what the definition's own schema makes of the args: the handler's type, which `never` has erased.
  const args = (await decodeArgs(definition, stored)) as never;
  if (definition.timeoutMs === undefined) return definition.handler(args, attempt);
  return withTimeout(definition.timeoutMs, attempt, () => definition.handler(args, attempt));
}

/** The attempt has failed when its time is over, whatever the handler does then; its signal tells it to stop. */
async function withTimeout(timeoutMs: number, attempt: Attempt, work: () => unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new JobTimeoutError(timeoutMs);
      // Rejected first: a handler that returns as soon as it is told to stop has still run out of time.
      reject(error);
      attempt.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
