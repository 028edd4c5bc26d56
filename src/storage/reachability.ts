/** Hears when calls to Postgres begin to fail, and when one is answered again. */
export interface ReachabilityListener {
  readonly onUnreachable: (error: unknown) => void;
  readonly onReachable: (afterMs: number) => void;
}

/** Whether Postgres answers, as far as the latest call tells. */
export class Reachability {
  readonly #listener: ReachabilityListener;
  #failingSince: number | undefined;

  constructor(listener: ReachabilityListener) {
    this.#listener = listener;
  }

  answered(): void {
    if (this.#failingSince === undefined) return;
    const afterMs = performance.now() - this.#failingSince;
    this.#failingSince = undefined;
    this.#listener.onReachable(afterMs);
  }

  failed(error: unknown): void {
    if (this.#failingSince !== undefined) return;
    this.#failingSince = performance.now();
    this.#listener.onUnreachable(error);
  }
}
