import type { Lateness } from '../storage/lease.js';

/**
 * How late this thread's event loop is, kept where the thread that renews the lease reads it by its own clock: a loop that is
 * blocked at that moment is late, too, and could not say so itself.
 */
export class EventLoopLag {
  readonly lateness: Lateness;
  readonly #everyMs: number;
  /** The instant (hrtime, ns) of the latest tick, and the longest that one was late, in ns, since that was last read. */
  readonly #cells: BigInt64Array;

  /** `everyMs` is how often the event loop is to tick: what is shorter may go unnoticed. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
    this.lateness = { cells: new SharedArrayBuffer(16), everyMs };
    this.#cells = new BigInt64Array(this.lateness.cells);
  }

  /** From now on ticks are expected. */
  begin(): void {
    Atomics.store(this.#cells, 0, process.hrtime.bigint());
  }

  /** To be called by a timer. */
  tick(): void {
    const now = process.hrtime.bigint();
    const late = now - Atomics.exchange(this.#cells, 0, now) - BigInt(this.#everyMs) * 1_000_000n;
    if (late > Atomics.load(this.#cells, 1)) Atomics.store(this.#cells, 1, late);
  }

  /** The longest since it was last read, in milliseconds. */
  read(): number {
    return Number(Atomics.exchange(this.#cells, 1, 0n)) / 1e6;
  }
}
