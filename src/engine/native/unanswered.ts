import type { Database } from '../../storage/database.js';
import { wasSettled } from '../../storage/was-settled.js';
import type { Ended, FeedOptions } from '../engine.js';

/**
 * Ends whose settling got no answer, and is repeated. Should the first try have been committed, the repetition finds the job
 * gone from the attempt: that is success, not staleness, and Postgres is asked which.
 */
export class Unanswered {
  readonly #database: Database;
  readonly #options: Pick<FeedOptions, 'serverId' | 'onSettled' | 'onStale' | 'onError'>;
  readonly #ended = new WeakSet<Ended>();

  constructor(
    database: Database,
    options: Pick<FeedOptions, 'serverId' | 'onSettled' | 'onStale' | 'onError'>,
  ) {
    this.#database = database;
    this.#options = options;
  }

  add(all: readonly Ended[]): void {
    for (const ended of all) this.#ended.add(ended);
  }

  /** Finds out about an end whose repetition changed nothing; false if it was no repetition. */
  resolve(ended: Ended): boolean {
    if (!this.#ended.has(ended)) return false;
    void this.#ask(ended);
    return true;
  }

  async #ask(ended: Ended): Promise<void> {
    const { serverId, onSettled, onStale, onError } = this.#options;
    const { job, settlement } = ended;
    try {
      const end = { id: job.id, attempt: job.attempt, state: settlement.state };
      ((await wasSettled(this.#database, serverId(), end)) ? onSettled : onStale)(ended);
    } catch (error) {
      onError(error);
    }
  }
}
