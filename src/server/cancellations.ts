import { JobCancelledError } from '../errors.js';
import { type AttemptId, attemptKey } from '../job/attempt-id.js';
import { released, type Settlement } from '../job/transition.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import type { Performer } from './perform.js';

/** For so long an attempt may be cancelled here and not have started: the answer to its claim may be on the way. */
const REMEMBERED_MS = 60_000;

/** Stops the attempts whose jobs were deleted: those that run, and those that are about to. */
export class Cancellations {
  readonly #performer: Performer;
  /** When it was heard of which attempt, the earliest first. */
  readonly #heard = new Map<string, number>();

  constructor(performer: Performer) {
    this.#performer = performer;
  }

  /** These attempts were cancelled, here or on other servers. */
  hearOf(attempts: readonly AttemptId[]): void {
    this.#forgetTheOld();
    const cancelled = new Set(attempts.map(attemptKey));
    for (const key of cancelled) this.#heard.set(key, performance.now());
    this.#performer.abortThose((job) =>
      cancelled.has(attemptKey(job)) ? new JobCancelledError(job.id) : undefined,
    );
  }

  /** Runs an attempt, unless it is cancelled already. */
  perform(job: ClaimedJob): Promise<Settlement | undefined> {
    const isCancelled = this.#heard.size > 0 && this.#heard.has(attemptKey(job));
    return isCancelled ? Promise.resolve(released()) : this.#performer.perform(job);
  }

  #forgetTheOld(): void {
    const limit = performance.now() - REMEMBERED_MS;
    for (const [key, heardAt] of this.#heard) {
      if (heardAt > limit) return;
      this.#heard.delete(key);
    }
  }
}
