import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimGate } from '../engine/claim-gate.js';
import type { Feed } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { LONGEST_PAUSE_MS, Loop } from './loop.js';

/** A busy server makes room for suspects only if no other has taken them for about this long. */
const YIELD_MS = 2000;
/** And it waits no longer than this for what runs. */
const DRAIN_LIMIT_MS = 30_000;
/** It starts suspects for so long, then it is everyone else's turn for at least as long. */
const TURN_MS = 60_000;
/** Where running jobs are too long to wait for, the next try is this much later. */
const REST_AFTER_FAILURE_MS = 300_000;
/** Suspects are heard of every second for as long as they wait. */
const HEARSAY_MS = 1500;

/**
 * Runs suspects: jobs that were running when their server was lost twice. Each runs apart, with nothing else in the process, so
 * that one more crash is its own, and no innocent job is charged for its neighbour.
 */
export class Quarantine {
  readonly loop: Loop;
  readonly #gate: ClaimGate;
  readonly #feeds: ReadonlyMap<string, Feed>;
  readonly #stopping = new AbortController();
  readonly #heard = new Map<string, number>();
  #firstHeardAt = 0;
  #restsUntil = 0;

  constructor(gate: ClaimGate, feeds: ReadonlyMap<string, Feed>, logger: Logger) {
    this.#gate = gate;
    this.#feeds = feeds;
    this.loop = new Loop({ name: 'quarantine', logger, step: () => this.#step() });
  }

  /** Suspects wait in a queue. */
  hearOf(queue: string): void {
    if (!this.#feeds.has(queue)) return;
    const now = performance.now();
    if (this.#queues(now).length === 0) this.#firstHeardAt = now;
    this.#heard.set(queue, now);
    this.loop.wake();
  }

  /** Starts no more of them. */
  stop(): void {
    this.#stopping.abort();
  }

  async #step(): Promise<number> {
    const now = performance.now();
    const waitMs = Math.max(this.#restsUntil - now, this.#isBusy() ? this.#firstHeardAt + YIELD_MS - now : 0);
    if (waitMs > 0) return waitMs;
    if (this.#queues(now).length > 0 && !this.#gate.closed) await this.#turn(now);
    return LONGEST_PAUSE_MS;
  }

  async #turn(startedAt: number): Promise<void> {
    this.#gate.close();
    try {
      const drained = await this.#drained();
      if (drained) await this.#runSuspects(startedAt);
      const tookMs = performance.now() - startedAt;
      this.#restsUntil = performance.now() + (drained ? tookMs : REST_AFTER_FAILURE_MS);
    } finally {
      this.#gate.open();
    }
  }

  async #drained(): Promise<boolean> {
    const { signal } = this.#stopping;
    const over = sleep(DRAIN_LIMIT_MS, false, { signal }).catch(() => false);
    return Promise.race([this.#gate.idle().then(() => true), over]);
  }

  async #runSuspects(startedAt: number): Promise<void> {
    for (const queue of this.#queues(startedAt))
      while (this.#mayStart(startedAt) && (await this.#feeds.get(queue)?.runSuspect()));
  }

  #mayStart(startedAt: number): boolean {
    return !this.#stopping.signal.aborted && performance.now() - startedAt < TURN_MS;
  }

  #isBusy(): boolean {
    return [...this.#feeds.values()].some((feed) => feed.running > 0);
  }

  /** Where suspects wait, as far as is known. */
  #queues(now: number): string[] {
    return [...this.#heard].filter(([, heardAt]) => now - heardAt < HEARSAY_MS).map(([queue]) => queue);
  }
}
