import { released } from '../../job/transition.js';
import type { Database } from '../../storage/database.js';
import { releaseOrphans } from '../../storage/release-orphans.js';
import { type ClaimedJob, settleAndClaim } from '../../storage/settle-and-claim.js';
import type { Ended, Feed, FeedOptions } from '../engine.js';
import { ClaimedAhead } from './claimed-ahead.js';
import { Outage } from './outage.js';
import { Throughput } from './throughput.js';

/** Two calls in flight keep Postgres busy while the answer of the other is on its way; a third only makes batches small. */
const CALLS_AT_ONCE = 2;
/** A call may claim what will start within this time beyond the free slots, and never more than so many jobs. */
const AHEAD_MS = 10;
const AHEAD_LIMIT = 1000;

/**
 * Feeds one queue's jobs to a server. Each call to Postgres settles what has ended since the last one and claims for the
 * slots that are free, so that the busier the server, the larger the batches and the fewer the round trips per job.
 */
export class NativeFeed implements Feed {
  readonly #database: Database;
  readonly #options: FeedOptions;
  readonly #throughput = new Throughput(performance.now());
  readonly #ahead = new ClaimedAhead((jobs) => this.#release(jobs));
  readonly #callsAtOnce: number;
  readonly #outage: Outage;
  readonly #running = new Set<ClaimedJob>();
  /** Ended, but not yet settled. */
  readonly #ended: Ended[] = [];
  /** What the calls in flight are settling. */
  readonly #settling = new Set<readonly Ended[]>();
  readonly #whenIdle: (() => void)[] = [];
  #calls = 0;
  /** How many jobs the calls in flight may bring. */
  #claiming = 0;
  #accepting = true;
  #mayHaveMore = true;
  #wakes = 0;
  #stepPlanned = false;

  constructor(database: Database, options: FeedOptions) {
    this.#database = database;
    this.#options = options;
    // A single slot means one after the other, in order: of two claims under way, either may be the first in Postgres.
    this.#callsAtOnce = options.slots === 1 ? 1 : CALLS_AT_ONCE;
    const { onError } = options;
    this.#outage = new Outage({ repair: () => this.#releaseOrphans(), onOver: () => this.wake(), onError });
    this.#plan();
  }

  wake(): void {
    this.#wakes += 1;
    this.#mayHaveMore = true;
    this.#plan();
  }

  stopClaiming(): void {
    this.#accepting = false;
    this.#release(this.#ahead.takeAll());
  }

  abandon(): void {
    const running = [...this.#running];
    this.#running.clear();
    this.#release(running);
  }

  held(): readonly ClaimedJob[] {
    const ended = [...this.#ended, ...[...this.#settling].flat()];
    return [...this.#running, ...this.#ahead.jobs, ...ended.map(({ job }) => job)];
  }

  forget(): void {
    this.#running.clear();
    this.#ahead.takeAll();
    this.#ended.length = 0;
    this.#plan();
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#plan();
    });
  }

  close(): void {
    this.#outage.close();
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
    for (let limit = this.#claimLimit(); this.#worthACall(limit); limit = this.#claimLimit())
      void this.#call(limit);
    if (this.#running.size + this.#ended.length + this.#calls > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** While jobs flow fast each call claims only its share, so that Postgres works on one while the other's answer travels. */
  #claimLimit(): number {
    if (!this.#accepting || !this.#mayHaveMore) return 0;
    const { slots } = this.#options;
    const perMs = this.#throughput.perMs(performance.now());
    const ahead = Math.min(Math.floor(perMs * AHEAD_MS), AHEAD_LIMIT);
    const share = ahead < slots / 2 ? slots : Math.ceil((slots + ahead) / CALLS_AT_ONCE);
    const held = this.#running.size + this.#ahead.size + this.#claiming;
    return Math.max(0, Math.min(slots + ahead - held, share));
  }

  /** A second call at once must be worth its round trip: otherwise its jobs travel with the call after this one. */
  #worthACall(limit: number): boolean {
    if (this.#outage.lasts || this.#calls >= this.#callsAtOnce) return false;
    if (this.#ended.length === 0 && limit === 0) return false;
    return this.#calls === 0 || Math.max(this.#ended.length, limit) >= this.#options.slots / 4;
  }

  async #call(limit: number): Promise<void> {
    const ended = this.#ended.splice(0);
    const settled = ended.map(({ job, settlement }) => ({ id: job.id, attempt: job.attempt, settlement }));
    const { queue, names, serverId } = this.#options;
    this.#calls += 1;
    this.#settling.add(ended);
    this.#claiming += limit;
    const wakes = this.#wakes;
    try {
      const claim = { queue, names, limit };
      const answer = await settleAndClaim(this.#database, serverId(), { settled, claim });
      // A short answer: the queue was empty, unless a job has come since the question.
      if (answer.claimed.length < limit && wakes === this.#wakes) this.#mayHaveMore = false;
      this.#accept(answer.claimed);
      this.#tell(ended, new Set(answer.stale));
    } catch (error) {
      this.#ended.unshift(...ended);
      this.#outage.begin(error);
    } finally {
      this.#calls -= 1;
      this.#settling.delete(ended);
      this.#claiming -= limit;
      this.#plan();
    }
  }

  #accept(claimed: readonly ClaimedJob[]): void {
    if (!this.#accepting) return this.#release(claimed);
    this.#ahead.add(claimed);
    this.#fillSlots();
  }

  #fillSlots(): void {
    while (this.#running.size < this.#options.slots) {
      const next = this.#ahead.next();
      if (next === undefined) return;
      void this.#run(next);
    }
    this.#ahead.watch();
  }

  async #run(job: ClaimedJob): Promise<void> {
    this.#running.add(job);
    this.#throughput.count();
    const startedAt = performance.now();
    const settlement = await this.#options.perform(job);
    // An abandoned job is settled already.
    if (!this.#running.delete(job)) return;
    if (settlement !== undefined)
      this.#ended.push({ job, settlement, durationMs: performance.now() - startedAt });
    this.#fillSlots();
    this.#plan();
  }

  #tell(all: readonly Ended[], stale: ReadonlySet<string>): void {
    const { onSettled, onStale } = this.#options;
    for (const ended of all) (stale.has(ended.job.id) ? onStale : onSettled)(ended);
  }

  #release(jobs: readonly ClaimedJob[]): void {
    for (const job of jobs) this.#ended.push({ job, settlement: released(), durationMs: 0 });
    this.#plan();
  }

  /** The answer of a failed call is lost, its commit perhaps not: what it may have claimed goes back. */
  async #releaseOrphans(): Promise<void> {
    if (this.#calls > 0)
      throw new Error('A call is still under way: what it claims cannot be told from orphans.');
    const { serverId, queue } = this.#options;
    const heldIds = this.held().map(({ id }) => id);
    await releaseOrphans(this.#database, { serverId: serverId(), queue, heldIds });
  }
}
