import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { type Promotion, promoteDueJobs } from '../storage/promote-due-jobs.js';
import { Loop } from './loop.js';

const BATCH = 1000;
/** Stands behind the notifications of jobs that are due earlier than what is known. */
const LONGEST_SLEEP_MS = 5000;

/** Enqueues scheduled and failed jobs at their instant: sleeps until the next one, and is woken when an earlier one comes. */
export class Promoter {
  readonly loop: Loop;
  readonly #engine: Engine;
  /** When the loop wakes by itself, and how far the database's clock is ahead; both on the scale of performance.now(). */
  #wakesAt = 0;
  #databaseAhead = 0;

  constructor(engine: Engine, logger: Logger) {
    this.#engine = engine;
    this.loop = new Loop({ name: 'promoter', logger, step: () => this.#step() });
  }

  /** A job was scheduled for this instant, in milliseconds since the epoch by the database's clock. */
  hearOf(dueMs: number): void {
    this.hearIn(dueMs - this.#databaseAhead - performance.now());
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
    const pauseMs = Math.min(answer?.nextInMs ?? LONGEST_SLEEP_MS, LONGEST_SLEEP_MS);
    this.#databaseAhead = (answer?.nowMs ?? 0) - now;
    this.#wakesAt = now + pauseMs;
    return pauseMs;
  }
}
