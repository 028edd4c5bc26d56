import { attemptKey } from '../../job/attempt-id.js';
import { released } from '../../job/transition.js';
import { claimSuspect } from '../../storage/claim-suspect.js';
import type { Database } from '../../storage/database.js';
import { isRefused } from '../../storage/postgres-error.js';
import { releaseOrphans } from '../../storage/release-attempts.js';
import { type ClaimedJob, settleAndClaim } from '../../storage/settle-and-claim.js';
import type { Ended, Feed, FeedOptions } from '../engine.js';
import { ClaimedAhead } from './claimed-ahead.js';
import { Outage } from './outage.js';
import { SettlingApart } from './settling-apart.js';
import { Throughput } from './throughput.js';
import { Unanswered } from './unanswered.js';

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
  readonly #callsAtOnce: number;
  readonly #throughput = new Throughput(performance.now());
  readonly #ahead = new ClaimedAhead((jobs) => this.#release(jobs));
  readonly #outage: Outage;
  readonly #apart: SettlingApart;
  readonly #unanswered: Unanswered;
  readonly #running = new Set<ClaimedJob>();
  /** Ended, but not yet settled. */
  readonly #ended: Ended[] = [];
  /** What the calls in flight settle. */
  readonly #settling = new Set<Ended>();
  readonly #whenIdle: (() => void)[] = [];
  #calls = 0;
  /** How many jobs the calls in flight may bring. */
  #claiming = 0;
  #accepting = true;
  #mayHaveMore = true;
  #wakes = 0;
  /** Grows when the server is declared lost: what was asked before concerns it no more. */
  #generation = 0;
  /** How often the queue was paused: what was asked before the latest time is not started. */
  #pauses = 0;
  #stepPlanned = false;

  constructor(database: Database, options: FeedOptions) {
    this.#database = database;
    this.#options = options;
    // A single slot means one after the other, in order: of two claims under way, either may be the first in Postgres.
    this.#callsAtOnce = options.slots === 1 ? 1 : CALLS_AT_ONCE;
    const { onError, onSettled, onStale, serverId } = options;
    this.#outage = new Outage({ repair: () => this.#releaseOrphans(), onOver: () => this.wake(), onError });
    this.#unanswered = new Unanswered(database, options);
    this.#apart = new SettlingApart(database, {
      serverId,
      onError,
      onOutcome: (ended, outcome) => (outcome === 'settled' ? onSettled : onStale)(ended),
      onIdle: () => this.#plan(),
    });
    this.#plan();
  }

  held(): readonly ClaimedJob[] {
    const settling = [...this.#ended, ...this.#settling, ...this.#apart.waiting];
    return [...this.#running, ...this.#ahead.jobs, ...settling.map(({ job }) => job)];
  }

  wake(): void {
    this.#wakes += 1;
    this.#mayHaveMore = true;
    this.#plan();
  }

  async runSuspect(): Promise<boolean> {
    const { queue, names, serverId } = this.#options;
    const pauses = this.#pauses;
    const suspect = await claimSuspect(this.#database, serverId(), { queue, names });
    if (suspect === undefined) return false;
    if (this.#accepting && pauses === this.#pauses) await this.#run(suspect);
    else this.#release([suspect]);
    await this.idle();
    return true;
  }

  holdBack(): void {
    this.#pauses += 1;
    this.#release(this.#ahead.takeAll());
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

  forget(): void {
    this.#generation += 1;
    this.#running.clear();
    this.#ahead.takeAll();
    this.#ended.length = 0;
    this.#apart.forget();
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
    this.#apart.close();
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
    const unsettled = this.#ended.length + this.#apart.waiting.length;
    if (this.#running.size + unsettled + this.#calls > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** While jobs flow fast each call claims only its share, so that Postgres works on one while the other's answer travels. */
  #claimLimit(): number {
    if (!this.#accepting || !this.#mayHaveMore || !this.#options.mayClaim()) return 0;
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
    for (const each of ended) this.#settling.add(each);
    this.#calls += 1;
    this.#claiming += limit;
    const generation = this.#generation;
    try {
      await this.#settleAndClaim(ended, limit);
    } catch (error) {
      this.#failed(generation === this.#generation ? ended : [], error);
    } finally {
      for (const each of ended) this.#settling.delete(each);
      this.#calls -= 1;
      this.#claiming -= limit;
      this.#plan();
    }
  }

  async #settleAndClaim(ended: readonly Ended[], limit: number): Promise<void> {
    const { queue, names, serverId } = this.#options;
    const wakes = this.#wakes;
    const generation = this.#generation;
    const pauses = this.#pauses;
    const settled = ended.map(({ job, settlement }) => ({ id: job.id, attempt: job.attempt, settlement }));
    const answer = await settleAndClaim(this.#database, serverId(), {
      settled,
      claim: { queue, names, limit },
    });
    if (generation !== this.#generation) return;
    // A short answer: the queue was empty, unless a job has come since the question.
    if (answer.claimed.length < limit && wakes === this.#wakes) this.#mayHaveMore = false;
    if (pauses === this.#pauses) this.#accept(answer.claimed);
    else this.#release(answer.claimed);
    this.#tell(ended, new Set(answer.stale.map(attemptKey)));
  }

  /** A statement that was refused has changed nothing, and the fault may lie with one job of many. */
  #failed(ended: readonly Ended[], error: unknown): void {
    if (isRefused(error) && ended.length > 0) {
      this.#options.onError(error);
      this.#apart.take(ended);
      return;
    }
    this.#unanswered.add(ended);
    this.#ended.unshift(...ended);
    this.#outage.begin(error);
  }

  #accept(claimed: readonly ClaimedJob[]): void {
    if (!this.#accepting || !this.#options.mayClaim()) return this.#release(claimed);
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
    for (const ended of all) {
      if (stale.size === 0 || !stale.has(attemptKey(ended.job))) this.#options.onSettled(ended);
      else if (!this.#unanswered.resolve(ended)) this.#options.onStale(ended);
    }
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
