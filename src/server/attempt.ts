import type { JobClient, JobContext, Logger, RunningJob } from '../job/context.js';
import { priorityOfRank } from '../job/priority.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';

/**
 * One attempt while it runs: the context that its handler sees. Signal and logger are made when they are first asked for,
 * because most handlers of tiny jobs ask for neither and they would cost more than the rest.
 */
export class Attempt implements JobContext {
  readonly job: RunningJob;
  readonly firelock: JobClient;
  readonly #logger: Logger;
  #log: Logger | undefined;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(
    claimed: ClaimedJob,
    { client, logger }: { readonly client: JobClient; readonly logger: Logger },
  ) {
    this.job = runningJob(claimed);
    this.firelock = client;
    this.#logger = logger;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  get log(): Logger {
    const { id, name, attempt } = this.job;
    this.#log ??= this.#logger.child({ job: { id, name, attempt } });
    return this.#log;
  }

  /** Why the attempt was told to stop, if it was. */
  get abortReason(): Error | undefined {
    return this.#abortReason;
  }

  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(this.#abortReason);
  }
}

/** Milliseconds are rounded: a double that came from Postgres' seconds may miss them by a hair, and a Date cuts off. */
export function runningJob(claimed: ClaimedJob): RunningJob {
  return {
    id: claimed.id,
    name: claimed.name,
    queue: claimed.queue,
    priority: priorityOfRank(claimed.priority),
    attempt: claimed.attempt,
    attemptLimit: claimed.attemptLimit,
    createdAt: new Date(Math.round(claimed.createdAtMs)),
    recurringJobId: claimed.recurringJobId ?? undefined,
    occurrence: claimed.occurrenceMs === null ? undefined : new Date(Math.round(claimed.occurrenceMs)),
  };
}
