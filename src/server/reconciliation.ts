import type { Engine, Feed } from '../engine/engine.js';
import { AttemptLostError } from '../errors.js';
import { type AttemptId, attemptKey } from '../job/attempt-id.js';
import type { Logger } from '../job/context.js';
import { compareAttempts, type Difference } from '../storage/compare-attempts.js';
import { releaseAttempts } from '../storage/release-attempts.js';
import type { Executor } from '../storage/statement.js';
import type { Cancellations } from './cancellations.js';
import { Loop } from './loop.js';
import type { Performer } from './perform.js';

/** Twice this is how long it takes at most until a deleted job is stopped whose notification was lost. */
const EVERY_MS = 4000;
/** While no attempt is under way for longer than that. */
const AT_LEAST_EVERY_MS = 30_000;
/** An attempt that is unknown after this long is not on its way here: the answer to its claim was lost. */
const UNKNOWN_AFTER_MS = 30_000;

export interface ReconciliationOptions {
  readonly database: Executor;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly serverId: () => string;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly performer: Performer;
  readonly cancellations: Cancellations;
}

/**
 * Compares what runs here with what Postgres says of it: stands behind the notification that a job was deleted, and behind
 * a claim whose answer was lost.
 */
export class Reconciliation {
  readonly loop: Loop;
  readonly #options: ReconciliationOptions;
  /** What was held a pass ago. */
  #seen: ReadonlySet<string> = new Set();
  #dueAt = 0;

  constructor(options: ReconciliationOptions) {
    this.#options = options;
    this.loop = new Loop({ name: 'reconciliation', logger: options.logger, step: () => this.#step() });
  }

  /** Notifications may have been missed: compares now. */
  wake(): void {
    this.#dueAt = 0;
    this.loop.wake();
  }

  async #step(): Promise<number> {
    const held = this.#held();
    const isLong = held.some((attempt) => this.#seen.has(attemptKey(attempt)));
    this.#seen = new Set(held.map(attemptKey));
    if (!isLong && performance.now() < this.#dueAt) return EVERY_MS;
    this.#dueAt = performance.now() + AT_LEAST_EVERY_MS;
    await this.#compare(held);
    return EVERY_MS;
  }

  /** What has ended between the question and the answer is not touched: no attempt is ever run twice under one number. */
  async #compare(held: readonly AttemptId[]): Promise<void> {
    const { database, cancellations, performer } = this.#options;
    const serverId = this.#options.serverId();
    const differences = await compareAttempts(database, { serverId, held, graceMs: UNKNOWN_AFTER_MS });
    const found = (finding: Difference['finding']) => differences.filter((each) => each.finding === finding);
    cancellations.hearOf(found('deleted'));
    const lost = new Set(found('lost').map(attemptKey));
    performer.abortThose((job) =>
      lost.has(attemptKey(job)) ? new AttemptLostError(job.id, job.attempt) : undefined,
    );
    await this.#giveBack(found('unknown'), serverId);
  }

  async #giveBack(unknown: readonly AttemptId[], serverId: string): Promise<void> {
    const held = new Set(this.#held().map(attemptKey));
    const orphans = unknown.filter((attempt) => !held.has(attemptKey(attempt)));
    if (orphans.length === 0) return;
    this.#options.logger.warn({ attempts: orphans }, 'gives back attempts whose claims were not answered');
    await this.#options.engine.place((executor) => releaseAttempts(executor, serverId, orphans));
  }

  #held(): readonly AttemptId[] {
    return [...this.#options.feeds.values()].flatMap((feed) => feed.held());
  }
}
