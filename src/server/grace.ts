/** setTimeout counts in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** The time that running jobs still have while their server stops. It can become shorter, never longer. */
export class Grace {
  readonly over: Promise<void>;
  #end: () => void = () => undefined;
  #endsAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.over = new Promise((resolve) => (this.#end = resolve));
  }

  /** Ends it after this long, unless it ends earlier. */
  limitTo(ms: number): void {
    const endsAt = performance.now() + ms;
    if (endsAt >= this.#endsAt) return;
    this.#endsAt = endsAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#end, Math.min(ms, LONGEST_MS));
  }

  /** Nobody waits for it any more. */
  forget(): void {
    clearTimeout(this.#timer);
  }
}
