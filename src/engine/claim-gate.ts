import type { Feed } from './engine.js';

/** All feeds of a process, which may be held back together: while a suspect runs, nothing else does. */
export class ClaimGate {
  readonly #feeds = new Set<Feed>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether anything runs, or is not settled yet. */
  get busy(): boolean {
    return [...this.#feeds].some((feed) => feed.held().length > 0);
  }

  add(feed: Feed): void {
    this.#feeds.add(feed);
  }

  remove(feed: Feed): void {
    this.#feeds.delete(feed);
  }

  /** Nothing is claimed from now on. */
  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    for (const feed of this.#feeds) feed.wake();
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#feeds].map((feed) => feed.idle()));
  }
}
