import type { ClaimedJob } from '../../storage/settle-and-claim.js';

/** What was claimed ahead and has not started after this long goes back: the handlers have become slow. */
const HOARD_MS = 250;

interface Entry {
  readonly job: ClaimedJob;
  readonly claimedAt: number;
}

/** Jobs that were claimed and wait, for a moment, for a free slot. A server must not hoard. */
export class ClaimedAhead {
  readonly #onHoarded: (jobs: readonly ClaimedJob[]) => void;
  readonly #entries: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(onHoarded: (jobs: readonly ClaimedJob[]) => void) {
    this.#onHoarded = onHoarded;
  }

  get size(): number {
    return this.#entries.length;
  }

  get jobs(): readonly ClaimedJob[] {
    return this.#entries.map(({ job }) => job);
  }

  add(jobs: readonly ClaimedJob[]): void {
    const claimedAt = performance.now();
    for (const job of jobs) this.#entries.push({ job, claimedAt });
  }

  next(): ClaimedJob | undefined {
    return this.#entries.shift()?.job;
  }

  takeAll(): readonly ClaimedJob[] {
    clearTimeout(this.#timer);
    return this.#entries.splice(0).map(({ job }) => job);
  }

  /** To be called when no slot is left for what waits. */
  watch(): void {
    if (this.#timer !== undefined || this.#entries.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#giveBackTheOld();
      this.watch();
    }, HOARD_MS);
  }

  #giveBackTheOld(): void {
    const limit = performance.now() - HOARD_MS;
    const young = this.#entries.findIndex(({ claimedAt }) => claimedAt > limit);
    const old = this.#entries.splice(0, young === -1 ? this.#entries.length : young);
    if (old.length > 0) this.#onHoarded(old.map(({ job }) => job));
  }
}
