import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { type Promotion, promoteDueJobs } from '../storage/promote-due-jobs.js';
import { LONGEST_PAUSE_MS, Loop } from './loop.js';

const BATCH = 1000;
/** Stands behind the notifications of jobs that are due earlier than what is known. */
const LONGEST_SLEEP_MS = 5000;

/**
 * Enqueues scheduled and failed jobs at their instant: sleeps until the next one, and is woken when an earlier one comes. The
 * server that leads does it for all; another only for what its own attempts have planned.
 */
export class Promoter {
  readonly loop: Loop;
  readonly #engine: Engine;
  readonly #leads: () => boolean;
  /** When the loop wakes by itself, and how far the database's clock is ahead; both on the scale of performance.now(). */
  #wakesAt = 0;
  #databaseAhead = 0;

  constructor(engine: Engine, logger: Logger, leads: () => boolean) {
    this.#engine = engine;
    this.#leads = leads;
    this.loop = new Loop({ name: 'promoter', logger, step: () => this.#step() });
  }

  /** A job was scheduled for this instant, in milliseconds since the epoch by the database's clock. */
  hearOf(dueMs: number): void {
    if (this.#leads()) this.hearIn(dueMs - this.#databaseAhead - performance.now());
  }

  /** A job will be due after this long. */
  hearIn(delayMs: number): void {
    if (performance.now() + delayMs < this.#wakesAt) this.loop.wake();
  }

  async #step(): Promise<number> {
    // Until the answer is here, every instant that is heard of counts as earlier.
    this.#wakesAt = Number.POSITIVE_INFINITY;
    let answer: Promotion | undefined;
    await this.#engine.place(async (executor) => {
      answer = await promoteDueJobs(executor, BATCH);
      return [...answer.promoted];
    });
    const now = performance.now();
    const pauseMs = this.#pauseMs(answer?.nextInMs ?? LONGEST_SLEEP_MS);
    this.#databaseAhead = (answer?.nowMs ?? 0) - now;
    this.#wakesAt = now + pauseMs;
    return pauseMs;
  }

  /** What is due later than a backstop's sleep is found by the next look of the server that leads. */
  #pauseMs(nextInMs: number): number {
    if (nextInMs < LONGEST_SLEEP_MS) return nextInMs;
    return this.#leads() ? LONGEST_SLEEP_MS : LONGEST_PAUSE_MS;
  }
}
