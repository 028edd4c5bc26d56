import type { Database } from '../../storage/database.js';
import { countJobs } from '../../storage/job-counts.js';
import type { Counts } from './navigation.js';

/** Many open pages ask every two seconds: they share an answer. */
const FRESH_MS = 1000;

/** How many jobs are in each state, for the navigation. */
export class CountsReader {
  readonly #database: Database;
  #answer: Promise<Counts> | undefined;
  #askedAt = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The next to ask sees what was done just now. */
  forget(): void {
    this.#answer = undefined;
  }

  read(): Promise<Counts> {
    const now = performance.now();
    if (this.#answer === undefined || now - this.#askedAt > FRESH_MS) {
      this.#askedAt = now;
      this.#answer = countJobs(this.#database);
      // The next visitor asks again.
      this.#answer.catch(() => (this.#answer = undefined));
    }
    return this.#answer;
  }
}
