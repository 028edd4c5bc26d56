import type { Engine } from '../engine/engine.js';
import { insertJobs, type NewJobs } from '../storage/insert-jobs.js';
import { isDataError } from '../storage/postgres-error.js';
import { batchEnd } from './batches.js';

/** Two statements in flight keep the connection busy; what comes meanwhile travels together in the next. */
const STATEMENTS_AT_ONCE = 2;

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
  readonly #waiting: Waiting[] = [];
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
      const end = batchEnd(this.#waiting, 0, ({ jobs }) => sizeOf(jobs));
      this.#inFlight += 1;
      void this.#send(this.#waiting.splice(0, end)).finally(() => {
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
      if (batch.length > 1 && isDataError(error)) return this.#sendInHalves(batch);
      for (const { reject } of batch) reject(error);
    }
  }

  /** One job's data must not fail the others': halves of halves lead to it, in a few statements. */
  async #sendInHalves(batch: readonly Waiting[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    await this.#send(batch.slice(0, middle));
    await this.#send(batch.slice(middle));
  }
}

/** A single job has one text of args. */
function sizeOf({ args }: NewJobs): number {
  return args[0]?.length ?? 0;
}
