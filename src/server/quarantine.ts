import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimGate } from '../engine/claim-gate.js';
import type { Feed } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import type { SuspectQueue } from '../storage/watch.js';
import { LONGEST_PAUSE_MS, Loop } from './loop.js';

/** The server waits no longer than this for what runs. */
const DRAIN_LIMIT_MS = 30_000;
/** It starts suspects for so long: the first of a queue's servers, which makes room for them, and one that was idle anyway. */
const FIRST_TURN_MS = 10_000;
const IDLE_TURN_MS = 1000;
/** Suspects are heard of every second for as long as they wait. */
const HEARSAY_MS = 1500;

export interface QuarantineOptions {
  readonly gate: ClaimGate;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly logger: Logger;
  readonly serverId: () => string;
  /** No suspect is started while this is not so. */
  readonly mayClaim: () => boolean;
}

/** What was said last of a queue's suspects. */
interface Hearsay {
  readonly at: number;
  /** Whether this server is to make room for them. */
  readonly first: boolean;
}

/**
 * Runs suspects: jobs that were running when their server was lost twice. Each runs apart, with nothing else in the process, so
 * that one more crash is its own, and no innocent job is charged for its neighbour. After them it is everyone else's turn for
 * as long as nothing else was done.
 */
export class Quarantine {
  readonly loop: Loop;
  readonly #options: QuarantineOptions;
  readonly #stopping = new AbortController();
  /** By queue, as far as suspects are this server's. */
  readonly #heard = new Map<string, Hearsay>();
  #restsUntil = 0;

  constructor(options: QuarantineOptions) {
    this.#options = options;
    this.loop = new Loop({ name: 'quarantine', logger: options.logger, step: () => this.#step() });
  }

  /** Suspects wait in a queue, and some servers are to run them: perhaps this one. */
  hearOf({ queue, serverIds }: SuspectQueue): void {
    const { feeds, serverId } = this.#options;
    const place = serverIds.indexOf(serverId());
    if (place === -1 || !feeds.has(queue)) return;
    this.#heard.set(queue, { at: performance.now(), first: place === 0 });
    this.loop.wake();
  }

  /** Starts no more of them. */
  stop(): void {
    this.#stopping.abort();
  }

  async #step(): Promise<number> {
    const startedAt = performance.now();
    const { gate, mayClaim } = this.#options;
    const isDue = startedAt >= this.#restsUntil && !gate.closed && mayClaim();
    if (isDue && this.#queues(startedAt).length > 0) await this.#turn(startedAt);
    return LONGEST_PAUSE_MS;
  }

  async #turn(startedAt: number): Promise<void> {
    const { gate } = this.#options;
    const queues = this.#queues(startedAt);
    gate.close();
    try {
      if (await this.#drained()) for (const queue of queues) await this.#runSuspects(queue);
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

  async #runSuspects(queue: string): Promise<void> {
    const turnMs = this.#heard.get(queue)?.first === true ? FIRST_TURN_MS : IDLE_TURN_MS;
    const endsAt = performance.now() + turnMs;
    while (this.#mayStart(endsAt) && (await this.#options.feeds.get(queue)?.runSuspect()));
  }

  #mayStart(endsAt: number): boolean {
    return !this.#stopping.signal.aborted && this.#options.mayClaim() && performance.now() < endsAt;
  }

  /** Where suspects wait for this server, as far as is known. */
  #queues(now: number): string[] {
    const { busy } = this.#options.gate;
    const mine = ({ at, first }: Hearsay) => now - at < HEARSAY_MS && (first || !busy);
    return [...this.#heard].filter(([, hearsay]) => mine(hearsay)).map(([queue]) => queue);
  }
}
