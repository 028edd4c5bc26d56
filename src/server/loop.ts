import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';

export interface LoopOptions {
  readonly name: string;
  readonly logger: Logger;
  /** One pass; answers how many milliseconds to wait until the next. */
  readonly step: () => Promise<number>;
  /** Steps are taken only while this is so; otherwise the loop waits to be woken. Default: always. */
  readonly when?: () => boolean;
}

/** setTimeout counts in 32 bits: a longer pause would fire at once. */
export const LONGEST_PAUSE_MS = 2 ** 31 - 1;
const PAUSE_AFTER_ERROR_MS = 1000;

/** Repeats a step until stopped. An error is reported and does not end the loop. */
export class Loop {
  readonly #options: LoopOptions;
  #running: Promise<void> | undefined;
  #stopped = false;
  #woken = false;
  #endPause: () => void = () => undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the pause, or the one that would follow the step that is under way. */
  wake(): void {
    this.#woken = true;
    this.#endPause();
  }

  /** Resolves when the step that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const pauseMs = await this.#step();
      if (!this.#stopped && !this.#woken) await this.#pause(pauseMs);
    }
  }

  async #step(): Promise<number> {
    const { step, logger, name, when } = this.#options;
    if (when?.() === false) return LONGEST_PAUSE_MS;
    try {
      return await step();
    } catch (error) {
      logger.error({ error: errorRecord(error), loop: name }, 'a loop of the server failed and goes on');
      return PAUSE_AFTER_ERROR_MS;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(Math.max(0, ms), LONGEST_PAUSE_MS));
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
