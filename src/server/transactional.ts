import { setTimeout as sleep } from 'node:timers/promises';
import { DoNotRetry, RetryAfter } from '../errors.js';
import { decodeArgs } from '../job/args.js';
import { errorRecord } from '../job/error-record.js';
import { isInstance } from '../job/thrown.js';
import type { Settlement } from '../job/transition.js';
import type { AttemptTransaction } from '../storage/attempt-transaction.js';
import type { JobTransactions } from '../storage/job-transactions.js';
import { isRepeatable } from '../storage/postgres-error.js';
import { afterReturn } from './after-handler.js';
import type { Outcomes } from './outcomes.js';
import { handle, type Run } from './run.js';

/** How often a handler runs again within its attempt because its transaction met another one. */
const RERUNS = 5;
/** Up to this long before the first; twice as long before each further one. */
const PAUSE_MS = 10;

export interface TransactionalOptions {
  readonly transactions: JobTransactions;
  readonly outcomes: Outcomes;
  /** The server's id at this moment. */
  readonly serverId: () => string;
}

/** Runs the handlers of transactional jobs, each in a transaction that commits together with the job's success. */
export class Transactional {
  readonly #options: TransactionalOptions;

  constructor(options: TransactionalOptions) {
    this.#options = options;
  }

  /** Answers undefined if nothing is left to settle: the success is committed, or the job is no longer this attempt's. */
  async run(run: Run): Promise<Settlement | undefined> {
    const { id, attempt, args: stored } = run.claimed;
    const key = { id, attempt, serverId: this.#options.serverId() };
    for (let reruns = 0; ; reruns += 1) {
      // Copied for each run: a handler may change its args.
      const args = await decodeArgs(run.definition, structuredClone(stored));
      const transaction = await this.#options.transactions.begin(key);
      try {
        return await this.#runIn(transaction, run, args);
      } catch (thrown) {
        await transaction.rollback();
        if (reruns === RERUNS || !mayRunAgain(run, transaction, thrown)) throw thrown;
      }
      await pauseBeforeRerun(run, transaction.failure, reruns);
    }
  }

  async #runIn(transaction: AttemptTransaction, run: Run, args: unknown): Promise<Settlement | undefined> {
    const { claimed: job, attempt } = run;
    const startedAt = performance.now();
    attempt.enter(transaction);
    attempt.throwIfAborted();
    const settlement = afterReturn(run, await handle(run, args));
    if (settlement.state !== 'succeeded') {
      await transaction.rollback();
      return settlement;
    }
    const isSettled = await transaction.settle(settlement.result);
    // Told to stop before the commit: then never.
    attempt.throwIfAborted();
    if (isSettled) await transaction.commit();
    else await transaction.rollback();
    const { outcomes } = this.#options;
    const ended = { job, settlement, durationMs: performance.now() - startedAt };
    if (isSettled) outcomes.settled(ended);
    else outcomes.stale(ended);
    return undefined;
  }
}

/** What the handler says by throwing RetryAfter or DoNotRetry, or by snoozing, it says of the conflict too. */
function mayRunAgain({ attempt }: Run, { failure }: AttemptTransaction, thrown: unknown): boolean {
  if (attempt.abortReason !== undefined || attempt.snoozeMs !== undefined) return false;
  if (isInstance(thrown, RetryAfter) || isInstance(thrown, DoNotRetry)) return false;
  return isRepeatable(failure);
}

async function pauseBeforeRerun({ attempt }: Run, conflict: unknown, reruns: number): Promise<void> {
  attempt.logger.info(
    { error: errorRecord(conflict), rerun: reruns + 1 },
    'the transaction met another one: the handler runs again',
  );
  const pauseMs = Math.random() * PAUSE_MS * 2 ** reruns;
  await sleep(pauseMs, undefined, { signal: attempt.signal }).catch(() => undefined);
  attempt.throwIfAborted();
}
