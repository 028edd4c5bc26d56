import type { Ended } from '../engine/engine.js';
import type { CommitUnknownError } from '../errors.js';
import type { AttemptId } from '../job/attempt-id.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Ending } from '../job/job.js';
import { succeeded } from '../job/transition.js';
import type { Executor } from '../storage/statement.js';
import { wasSettled } from '../storage/was-settled.js';
import { runningJob } from './attempt.js';
import { Endings } from './endings.js';
import type { Promoter } from './promoter.js';
import type { Reports } from './reports.js';
import type { Statistics } from './statistics.js';

export interface OutcomesOptions {
  readonly database: Executor;
  readonly reports: Reports;
  readonly promoter: Promoter;
  readonly statistics: Statistics;
  readonly logger: Logger;
  readonly serverId: () => string;
  /** Whether the attempt's handler still runs, although the attempt was settled. */
  readonly stillRuns: (attempt: AttemptId) => boolean;
}

const COMMIT_UNKNOWN: CommitUnknownError['code'] = 'FIRELOCK_COMMIT_UNKNOWN';

/** What follows when the end of an attempt has been written, or could not be. */
export class Outcomes {
  readonly endings: Endings;
  readonly #options: OutcomesOptions;

  constructor(options: OutcomesOptions) {
    this.#options = options;
    this.endings = new Endings({
      ...options,
      onCancelled: (ended, ending) => this.#cancelled(ended, ending),
      onStale: (ended) => this.#takenAway(ended),
    });
  }

  settled(ended: Ended): void {
    const { reports, promoter, statistics } = this.#options;
    const { job, settlement, durationMs } = ended;
    statistics.count(ended);
    const end = () => ({ ...this.#attempt(job), durationMs });
    switch (settlement.state) {
      case 'succeeded':
        return reports.report('job:succeeded', end);
      case 'enqueued':
        return reports.report('job:released', end);
      case 'dead':
        return reports.report('job:dead', () => ({ ...end(), error: settlement.error }));
      case 'scheduled':
        promoter.hearIn(settlement.delayMs);
        return reports.report('job:snoozed', () => ({ ...end(), delayMs: settlement.delayMs }));
      case 'failed': {
        const { error, delayMs } = settlement;
        promoter.hearIn(delayMs);
        return reports.report('job:failed', () => ({ ...end(), error, delayMs }));
      }
    }
  }

  /** The job was taken away while the attempt ran, or its transaction was kept after all: nothing was changed. */
  stale(ended: Ended): void {
    const { settlement } = ended;
    if ('error' in settlement && settlement.error.code === COMMIT_UNKNOWN) void this.#staleOrKept(ended);
    else this.#stale(ended);
  }

  /** A handler has ended that had been given up: if its job was deleted, the history still has to say so. */
  late(ended: Ended): void {
    this.endings.add(ended);
  }

  async #staleOrKept(ended: Ended): Promise<void> {
    const { database, serverId, logger } = this.#options;
    const { id, attempt } = ended.job;
    try {
      if (await wasSettled(database, serverId(), { id, attempt, state: 'succeeded' }))
        return this.settled({ ...ended, settlement: succeeded({ result: undefined }) });
    } catch (error) {
      logger.warn({ error: errorRecord(error), jobId: id }, 'how a commit ended cannot be read');
    }
    this.#stale(ended);
  }

  #stale(ended: Ended): void {
    if (this.#options.stillRuns(ended.job)) this.#takenAway(ended);
    else this.endings.add(ended);
  }

  #cancelled({ job, durationMs }: Ended, ending: Ending): void {
    this.#options.reports.report('job:cancelled', () => ({ ...this.#attempt(job), durationMs, ending }));
  }

  #takenAway({ job }: Ended): void {
    const { reports, logger } = this.#options;
    logger.warn({ jobId: job.id }, 'an attempt ended after its job was taken away: nothing was changed');
    reports.report('job:stale', () => this.#attempt(job));
  }

  #attempt(job: Ended['job']) {
    return { job: runningJob(job), serverId: this.#options.serverId() };
  }
}
