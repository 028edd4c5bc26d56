const WINDOW_MS = 10;

/** How many jobs a feed has lately started per millisecond. */
export class Throughput {
  #count = 0;
  #since: number;
  #perMs = 0;

  constructor(nowMs: number) {
    this.#since = nowMs;
  }

  count(): void {
    this.#count += 1;
  }

  /** The moving average, half of it from the latest window of 10 ms or more. */
  perMs(nowMs: number): number {
    const elapsed = nowMs - this.#since;
    if (elapsed >= WINDOW_MS) {
      this.#perMs = (this.#perMs + this.#count / elapsed) / 2;
      this.#count = 0;
      this.#since = nowMs;
    }
    return this.#perMs;
  }
}
