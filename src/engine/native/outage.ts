import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2000;

export interface OutageOptions {
  /** Sets right what the failed call may have left behind; the outage is over when it succeeds. */
  readonly repair: () => Promise<void>;
  readonly onOver: () => void;
  readonly onError: (error: unknown) => void;
}

/** From a failed call to Postgres until Postgres answers again: nothing else is asked meanwhile. */
export class Outage {
  readonly #options: OutageOptions;
  readonly #closing = new AbortController();
  #lasts = false;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  get lasts(): boolean {
    return this.#lasts;
  }

  /** A call has failed. */
  begin(error: unknown): void {
    this.#options.onError(error);
    if (this.#lasts) return;
    this.#lasts = true;
    void this.#run();
  }

  /** Repairs nothing any more. */
  close(): void {
    this.#closing.abort();
  }

  /** Tries with growing pauses, at random within them: all servers have noticed the outage at the same moment. */
  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (await this.#repaired()) break;
    }
    this.#lasts = false;
    this.#options.onOver();
  }

  async #repaired(): Promise<boolean> {
    try {
      await this.#options.repair();
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }
}
