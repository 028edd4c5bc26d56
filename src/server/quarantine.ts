import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimGate } from '../engine/claim-gate.js';
import type { Feed } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import type { SuspectQueue } from '../storage/watch.js';
import { LONGEST_PAUSE_MS, Loop } from './loop.js';

/** The server waits no longer than this for what runs. */
const DRAIN_LIMIT_MS = 30_000;
/** It starts suspects for so long; then it is everyone else's turn for at least as long as it did nothing else. */
const TURN_MS = 10_000;
/** Suspects are heard of every second for as long as they wait. */
const HEARSAY_MS = 1500;

export interface QuarantineOptions {
  readonly gate: ClaimGate;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly logger: Logger;
  readonly serverId: () => string;
}

/**
 * Runs suspects: jobs that were running when their server was lost twice. Each runs apart, with nothing else in the process, so
 * that one more crash is its own, and no innocent job is charged for its neighbour.
 */
export class Quarantine {
  readonly loop: Loop;
  readonly #options: QuarantineOptions;
  readonly #stopping = new AbortController();
  /** When suspects were last said to be this server's, by queue. */
  readonly #heard = new Map<string, number>();
  #restsUntil = 0;

  constructor(options: QuarantineOptions) {
    this.#options = options;
    this.loop = new Loop({ name: 'quarantine', logger: options.logger, step: () => this.#step() });
  }

  /** Suspects wait in a queue, and a server is to run them: this one, or another. */
  hearOf({ queue, serverId }: SuspectQueue): void {
    const { feeds, serverId: own } = this.#options;
    if (serverId !== own() || !feeds.has(queue)) return;
    this.#heard.set(queue, performance.now());
    this.loop.wake();
  }

  /** Starts no more of them. */
  stop(): void {
    this.#stopping.abort();
  }

  async #step(): Promise<number> {
    const startedAt = performance.now();
    const isDue = startedAt >= this.#restsUntil && !this.#options.gate.closed;
    if (isDue && this.#queues(startedAt).length > 0) await this.#turn(startedAt);
    return LONGEST_PAUSE_MS;
  }

  async #turn(startedAt: number): Promise<void> {
    const { gate } = this.#options;
    gate.close();
    try {
      if (await this.#drained()) await this.#runSuspects(startedAt);
    } finally {
      const endedAt = performance.now();
      this.#restsUntil = endedAt + (endedAt - startedAt);
      gate.open();
    }
  }

  async #drained(): Promise<boolean> {
    const { signal } = this.#stopping;
    const over = sleep(DRAIN_LIMIT_MS, false, { signal }).catch(() => false);
    return Promise.race([this.#options.gate.idle().then(() => true), over]);
  }

  async #runSuspects(startedAt: number): Promise<void> {
    const endsAt = performance.now() + TURN_MS;
    for (const queue of this.#queues(startedAt))
      while (this.#mayStart(endsAt) && (await this.#options.feeds.get(queue)?.runSuspect()));
  }

  #mayStart(endsAt: number): boolean {
    return !this.#stopping.signal.aborted && performance.now() < endsAt;
  }

  /** Where suspects wait for this server, as far as is known. */
  #queues(now: number): string[] {
    return [...this.#heard].filter(([, heardAt]) => now - heardAt < HEARSAY_MS).map(([queue]) => queue);
  }
}
