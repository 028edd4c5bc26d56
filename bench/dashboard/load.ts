import { Child } from './child.js';

/** What was done in a while, by the second. */
export interface Rates {
  readonly enqueued: number;
  readonly ran: number;
  /** Jobs that wait at the end. */
  readonly behind: number;
}

/** Jobs that are enqueued at a steady rate in one process, and run in another. */
export class Load {
  readonly #enqueuer: Child;
  readonly #worker: Child;
  #since = { at: 0, enqueued: 0, ran: 0 };

  constructor(connectionString: string, jobsPerSecond: number) {
    this.#worker = new Child('worker.ts', [connectionString]);
    this.#enqueuer = new Child('enqueuer.ts', [connectionString, String(jobsPerSecond)]);
  }

  async started(): Promise<void> {
    await Promise.all([this.#worker.started(), this.#enqueuer.started()]);
  }

  /** Rates are told from now on. */
  begin(): void {
    this.#since = this.#now();
  }

  rates(): Rates {
    const now = this.#now();
    const seconds = (now.at - this.#since.at) / 1000;
    const enqueued = now.enqueued - this.#since.enqueued;
    const ran = now.ran - this.#since.ran;
    return { enqueued: enqueued / seconds, ran: ran / seconds, behind: Math.max(0, enqueued - ran) };
  }

  async stop(): Promise<void> {
    await this.#enqueuer.stop();
    await this.#worker.stop();
  }

  #now() {
    return { at: performance.now(), enqueued: this.#enqueuer.count, ran: this.#worker.count };
  }
}
