import type { Walk } from './job-walk.js';

/** Rows in the first batch of a search: a few milliseconds, or a tenth of a second from a cold disk. */
const FIRST = 1000;
/** What lies further back may be on a cold disk, and take ten times as long a row. */
const GROWTH = 2;
/** Larger batches are hardly faster, and Postgres would compile their plans (jit_above_cost), which takes longer than they do. */
const LARGEST = 16_000;
/** With less time than so many rows take, another batch is not worth its round trip. */
const SMALLEST = 500;

/** How many rows a walk looks at next, so that it ends within its time. */
export class WalkPace {
  readonly #deadline: number;
  readonly #walk: Pick<Walk, 'few' | 'isUnfiltered'>;
  readonly #wanted: number;
  #batch = 0;
  #startedAt = 0;
  #rowsPerMs = 0;

  constructor(
    walk: Pick<Walk, 'few' | 'isUnfiltered'>,
    how: { readonly wanted: number; readonly budgetMs: number },
  ) {
    this.#walk = walk;
    this.#wanted = how.wanted;
    this.#deadline = performance.now() + how.budgetMs;
  }

  /** Undefined when the time is over. */
  next(): number | undefined {
    this.#startedAt = performance.now();
    if (this.#batch === 0) return (this.#batch = this.#first());
    const affordable = Math.floor(this.#rowsPerMs * (this.#deadline - this.#startedAt));
    if (affordable < SMALLEST) return undefined;
    return (this.#batch = Math.min(this.#batch * GROWTH, LARGEST, affordable));
  }

  /** The batch is over; it was so large. */
  looked(rows: number): void {
    this.#rowsPerMs = rows / Math.max(performance.now() - this.#startedAt, 0.1);
  }

  #first(): number {
    const { few, isUnfiltered } = this.#walk;
    // One more than there can be: that it is not there shows that this was all.
    if (few !== undefined) return few.length + 1;
    return isUnfiltered ? this.#wanted : FIRST;
  }
}
