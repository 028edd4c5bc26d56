import type { Engine } from '../engine/engine.js';
import { insertJobs, type NewJobs } from '../storage/insert-jobs.js';

/** Two statements in flight keep the connection busy; what comes meanwhile travels together in the next. */
const STATEMENTS_AT_ONCE = 2;
const BATCH = 1000;

interface Waiting {
  readonly jobs: NewJobs;
  readonly resolve: (id: string) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Inserts single jobs. Calls that arrive while others are on their way share a statement and its commit, so that many
 * concurrent requests cost few round trips; each call still resolves only when its own job is committed.
 */
export class Inserter {
  readonly #engine: Engine;
  #waiting: Waiting[] = [];
  #inFlight = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Resolves with the id of the one job when it is committed. */
  insert(jobs: NewJobs): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ jobs, resolve, reject });
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#inFlight < STATEMENTS_AT_ONCE && this.#waiting.length > 0) {
      this.#inFlight += 1;
      void this.#send(this.#waiting.splice(0, BATCH)).finally(() => {
        this.#inFlight -= 1;
        this.#flush();
      });
    }
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    try {
      const placed = await this.#engine.place((executor) =>
        insertJobs(
          executor,
          batch.map(({ jobs }) => jobs),
        ),
      );
      placed.forEach(({ id }, place) => batch[place]?.resolve(id));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
