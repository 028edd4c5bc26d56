import type { Ended } from '../engine/engine.js';
import { attemptKey } from '../job/attempt-id.js';
import type { Logger } from '../job/context.js';
import type { Ending } from '../job/job.js';
import { recordEndings } from '../storage/record-endings.js';
import type { Executor } from '../storage/statement.js';
import { Loop } from './loop.js';

/** In an outage of Postgres no more than this wait to be written: they are of interest to people alone. */
const KEPT = 1000;
/** There is nothing to do until something is added. */
const UNTIL_WOKEN_MS = Number.POSITIVE_INFINITY;

export interface EndingsOptions {
  readonly database: Executor;
  readonly logger: Logger;
  /** The job was deleted while the attempt ran, and the history says now how the attempt ended. */
  readonly onCancelled: (ended: Ended, ending: Ending) => void;
  /** The job was taken away in another way, or has vanished, or it is not known. */
  readonly onStale: (ended: Ended) => void;
}

interface Waiting {
  readonly ended: Ended;
  readonly ending: Ending;
  readonly sinceMs: number;
}

/** Writes down how attempts ended whose jobs were deleted while they ran; after an outage too. Nothing waits for it. */
export class Endings {
  readonly loop: Loop;
  readonly #options: EndingsOptions;
  readonly #waiting: Waiting[] = [];

  constructor(options: EndingsOptions) {
    this.#options = options;
    const step = () => this.#write().then(() => UNTIL_WOKEN_MS);
    this.loop = new Loop({ name: 'endings', logger: options.logger, step });
  }

  /** An attempt has ended whose job was no longer its server's: maybe it was deleted. */
  add(ended: Ended): void {
    const ending = ended.settlement.state === 'succeeded' ? 'finished' : 'stopped';
    this.#waiting.push({ ended, ending, sinceMs: performance.now() });
    this.#dropTheOldest();
    this.loop.wake();
  }

  /** Resolves when all is written, or has failed once more. */
  async flush(): Promise<void> {
    await this.loop.stop();
    await this.#write();
  }

  async #write(): Promise<void> {
    const batch = this.#waiting.splice(0);
    if (batch.length === 0) return;
    try {
      this.#tell(batch, await recordEndings(this.#options.database, batch.map(endedAttempt)));
    } catch (error) {
      this.#waiting.unshift(...batch);
      this.#dropTheOldest();
      throw error;
    }
  }

  #tell(batch: readonly Waiting[], recorded: ReadonlySet<string>): void {
    const { onCancelled, onStale } = this.#options;
    for (const { ended, ending } of batch)
      if (recorded.has(attemptKey(ended.job))) onCancelled(ended, ending);
      else onStale(ended);
  }

  #dropTheOldest(): void {
    const tooMany = Math.max(0, this.#waiting.length - KEPT);
    for (const { ended } of this.#waiting.splice(0, tooMany)) this.#options.onStale(ended);
  }
}

function endedAttempt({ ended, ending, sinceMs }: Waiting) {
  const { id, attempt } = ended.job;
  return { id, attempt, ending, agoMs: performance.now() - sinceMs };
}
