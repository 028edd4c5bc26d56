import { setTimeout as sleep } from 'node:timers/promises';
import { errorRecord } from '../../job/error-record.js';
import { withoutValue } from '../../job/transition.js';
import type { Database } from '../../storage/database.js';
import { isRefused } from '../../storage/postgres-error.js';
import { type ApartOutcome, settleApart } from '../../storage/settle-apart.js';
import type { Ended, FeedOptions } from '../engine.js';

const PAUSE_MS = 500;

export interface SettlingApartOptions extends Pick<FeedOptions, 'serverId' | 'onError'> {
  readonly onOutcome: (ended: Ended, outcome: Exclude<ApartOutcome, 'busy'>) => void;
  readonly onIdle: () => void;
}

/**
 * Settles one by one what could not be settled together: a value that Postgres refuses is replaced by a note, and a row that
 * another transaction holds is tried again, so that neither delays the others.
 */
export class SettlingApart {
  readonly #database: Database;
  readonly #options: SettlingApartOptions;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<Ended>();
  #running = false;

  constructor(database: Database, options: SettlingApartOptions) {
    this.#database = database;
    this.#options = options;
  }

  get waiting(): readonly Ended[] {
    return [...this.#waiting];
  }

  take(all: readonly Ended[]): void {
    for (const ended of all) this.#waiting.add(ended);
    if (!this.#running) void this.#run();
  }

  /** Drops what waits. */
  forget(): void {
    this.#waiting.clear();
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    this.#running = true;
    while (this.#waiting.size > 0 && !signal.aborted) {
      for (const ended of this.#waiting) await this.#settle(ended);
      if (this.#waiting.size > 0) await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
    this.#running = false;
    this.#options.onIdle();
  }

  async #settle(ended: Ended): Promise<void> {
    const { serverId, onError, onOutcome } = this.#options;
    const { job, settlement } = ended;
    try {
      const outcome = await settleApart(this.#database, serverId(), {
        id: job.id,
        attempt: job.attempt,
        settlement,
      });
      if (outcome === 'busy' || !this.#waiting.delete(ended)) return;
      onOutcome(ended, outcome);
    } catch (error) {
      onError(error);
      if (!isRefused(error) || !this.#waiting.delete(ended)) return;
      this.#waiting.add({ ...ended, settlement: withoutValue(settlement, errorRecord(error).message) });
    }
  }
}
