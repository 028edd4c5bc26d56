import { released } from '../../job/transition.js';
import type { Database } from '../../storage/database.js';
import { releaseOrphans } from '../../storage/release-orphans.js';
import { type ClaimedJob, type SettledAttempt, settleAndClaim } from '../../storage/settle-and-claim.js';
import type { Feed, FeedOptions } from '../engine.js';
import { Throughput } from './throughput.js';

/** Two calls in flight keep Postgres busy while the answer of the other is on its way; a third only makes batches small. */
const CALLS_AT_ONCE = 2;
/** A call may claim what will start within this time beyond the free slots, and never more than so many jobs. */
const AHEAD_MS = 10;
const AHEAD_LIMIT = 1000;
/** What was claimed ahead and has not started after this long goes back: the handlers have become slow. */
const HOARD_MS = 250;
const RETRY_MS = { first: 100, last: 5000 };

interface WaitingJob {
  readonly job: ClaimedJob;
  readonly claimedAt: number;
}

/**
 * Feeds one queue's jobs to a server. Each call to Postgres settles what has ended since the last one and claims for the
 * slots that are free, so that the busier the server, the larger the batches and the fewer the round trips per job.
 */
export class NativeFeed implements Feed {
  readonly #database: Database;
  readonly #options: FeedOptions;
  readonly #throughput = new Throughput(performance.now());
  readonly #running = new Set<ClaimedJob>();
  #waiting: WaitingJob[] = [];
  #ended: SettledAttempt[] = [];
  #calls = 0;
  #claiming = 0;
  #accepting = true;
  #mayHaveMore = true;
  #stepPlanned = false;
  #failures = 0;
  #hoardTimer: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(database: Database, options: FeedOptions) {
    this.#database = database;
    this.#options = options;
    this.#plan();
  }

  wake(): void {
    this.#mayHaveMore = true;
    this.#plan();
  }

  stopClaiming(): void {
    this.#accepting = false;
    this.#release(this.#waiting.splice(0));
  }

  abandon(): void {
    for (const job of this.#running) this.#ended.push(releasedAttempt(job));
    this.#running.clear();
    this.#plan();
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#plan();
    });
  }

  /** Everything that happens in one turn of the event loop leads to one step. */
  #plan(): void {
    if (this.#stepPlanned) return;
    this.#stepPlanned = true;
    setImmediate(() => {
      this.#stepPlanned = false;
      this.#step();
    });
  }

  #step(): void {
    const limit = this.#claimLimit();
    if (this.#worthACall(limit)) void this.#call(limit);
    if (this.#running.size + this.#ended.length + this.#calls > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #claimLimit(): number {
    if (!this.#accepting || !this.#mayHaveMore) return 0;
    const ahead = Math.floor(this.#throughput.perMs(performance.now()) * AHEAD_MS);
    const held = this.#running.size + this.#waiting.length + this.#claiming;
    return Math.max(0, this.#options.slots - held + Math.min(ahead, AHEAD_LIMIT));
  }

  /** A second call at once must be worth its round trip: otherwise its jobs travel with the call after this one. */
  #worthACall(limit: number): boolean {
    if (this.#failures > 0 || this.#calls >= CALLS_AT_ONCE) return false;
    if (this.#ended.length === 0 && limit === 0) return false;
    return this.#calls === 0 || Math.max(this.#ended.length, limit) >= this.#options.slots / 4;
  }

  async #call(limit: number): Promise<void> {
    const settled = this.#ended.splice(0);
    const { queue, names, serverId } = this.#options;
    this.#calls += 1;
    this.#claiming += limit;
    if (limit > 0) this.#mayHaveMore = false;
    try {
      const answer = await settleAndClaim(this.#database, serverId(), {
        settled,
        claim: { queue, names, limit },
      });
      if (limit > 0 && answer.claimed.length === limit) this.#mayHaveMore = true;
      this.#accept(answer.claimed);
      this.#tell(settled, answer.stale);
    } catch (error) {
      this.#ended.unshift(...settled);
      this.#recoverFrom(error);
    } finally {
      this.#calls -= 1;
      this.#claiming -= limit;
      this.#plan();
    }
  }

  #tell(settled: readonly SettledAttempt[], stale: readonly string[]): void {
    for (const id of stale) this.#options.onStale(id);
    const delays = settled.flatMap(({ settlement }) => settlement.delayMs ?? []);
    if (delays.length > 0) this.#options.onPlanned(Math.min(...delays));
  }

  #accept(claimed: readonly ClaimedJob[]): void {
    const claimedAt = performance.now();
    for (const job of claimed) this.#waiting.push({ job, claimedAt });
    if (this.#accepting) this.#startWaiting();
    else this.#release(this.#waiting.splice(0));
  }

  #startWaiting(): void {
    while (this.#running.size < this.#options.slots) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      void this.#run(next.job);
    }
    this.#watchHoard();
  }

  async #run(job: ClaimedJob): Promise<void> {
    this.#running.add(job);
    this.#throughput.count();
    const settlement = await this.#options.perform(job);
    // An abandoned job is settled already.
    if (!this.#running.delete(job)) return;
    this.#ended.push({ id: job.id, attempt: job.attempt, settlement });
    this.#startWaiting();
    this.#plan();
  }

  #watchHoard(): void {
    if (this.#hoardTimer !== undefined || this.#waiting.length === 0) return;
    this.#hoardTimer = setTimeout(() => {
      this.#hoardTimer = undefined;
      const kept = this.#waiting.findIndex(({ claimedAt }) => performance.now() - claimedAt < HOARD_MS);
      this.#release(this.#waiting.splice(0, kept === -1 ? this.#waiting.length : kept));
      this.#watchHoard();
    }, HOARD_MS);
  }

  #release(waiting: readonly WaitingJob[]): void {
    this.#ended.push(...waiting.map(({ job }) => releasedAttempt(job)));
    this.#plan();
  }

  /** Pauses, then gives back what the failed call may have claimed: its answer is lost, its commit perhaps not. */
  #recoverFrom(error: unknown): void {
    this.#options.onError(error);
    this.#failures += 1;
    if (this.#failures > 1) return;
    void this.#untilReleased();
  }

  async #untilReleased(): Promise<void> {
    for (let pauseMs = RETRY_MS.first; this.#failures > 0; pauseMs = Math.min(pauseMs * 2, RETRY_MS.last)) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random() / 2)));
      if (this.#calls > 0) continue;
      try {
        await this.#releaseOrphans();
        this.#failures = 0;
        this.wake();
      } catch (failure) {
        this.#options.onError(failure);
      }
    }
  }

  async #releaseOrphans(): Promise<void> {
    const { serverId, queue } = this.#options;
    const held = [...this.#running, ...this.#waiting.map(({ job }) => job), ...this.#ended];
    const heldIds = held.map(({ id }) => id);
    await releaseOrphans(this.#database, { serverId: serverId(), queue, heldIds });
  }
}

function releasedAttempt({ id, attempt }: ClaimedJob): SettledAttempt {
  return { id, attempt, settlement: released() };
}
