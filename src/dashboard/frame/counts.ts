import type { Database } from '../../storage/database.js';
import { countJobs } from '../../storage/job-counts.js';
import type { Counts } from './navigation.js';

/** Many open pages ask every two seconds: they share an answer. */
const FRESH_MS = 1000;
/** Counting takes a tenth of the time at most, however long it takes. */
const PART_OF_TIME = 10;
/** What is older than this was counted for visitors who are gone by now. */
const STALE_MS = 10_000;

/**
 * How many jobs are in each state, for the navigation. Among millions of jobs that takes a tenth of a second, which no page waits
 * for but the first, and the one after an act: the others are answered with the counts of a moment ago, while they are counted anew.
 */
export class CountsReader {
  readonly #database: Database;
  #known: Counts | undefined;
  #knownAt = 0;
  #freshMs = FRESH_MS;
  #counting: Promise<Counts> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The next to ask sees what was done just now. */
  forget(): void {
    this.#known = undefined;
    this.#counting = undefined;
  }

  async read(): Promise<Counts> {
    const ageMs = performance.now() - this.#knownAt;
    if (this.#known !== undefined && ageMs < this.#freshMs) return this.#known;
    const counting = this.#counting ?? this.#count();
    return this.#known === undefined || ageMs > STALE_MS ? counting : this.#known;
  }

  #count(): Promise<Counts> {
    const startedAt = performance.now();
    const counting = countJobs(this.#database);
    this.#counting = counting;
    counting.then(
      (counts) => this.#learn(counting, { counts, startedAt }),
      // Whoever waits hears of it, and the next visitor asks again.
      () => this.#end(counting),
    );
    return counting;
  }

  #learn(counting: Promise<Counts>, { counts, startedAt }: { counts: Counts; startedAt: number }): void {
    if (!this.#end(counting)) return;
    this.#known = counts;
    this.#knownAt = performance.now();
    this.#freshMs = Math.max(FRESH_MS, PART_OF_TIME * (this.#knownAt - startedAt));
  }

  /** False for what was counted before an act. */
  #end(counting: Promise<Counts>): boolean {
    if (this.#counting !== counting) return false;
    this.#counting = undefined;
    return true;
  }
}
