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
  /** When the loop wakes by itself, by the database's clock. */
  #wakesAtMs = 0;

  constructor(engine: Engine, logger: Logger) {
    this.#engine = engine;
    this.loop = new Loop({ name: 'promoter', logger, step: () => this.#step() });
  }

  /** A job was scheduled for this instant. */
  hearOf(dueMs: number): void {
    if (dueMs < this.#wakesAtMs) this.loop.wake();
  }

  async #step(): Promise<number> {
    // Until the answer is here, every instant that is heard of counts as earlier.
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
    let promotion: Promotion | undefined;
    await this.#engine.place(async (executor) => {
      promotion = await promoteDueJobs(executor, BATCH);
      return [...promotion.promoted];
    });
    const pauseMs = Math.min(promotion?.nextInMs ?? LONGEST_SLEEP_MS, LONGEST_SLEEP_MS);
    this.#wakesAtMs = (promotion?.nowMs ?? 0) + pauseMs;
    return pauseMs;
  }
}
