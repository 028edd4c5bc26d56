import type { Ended } from '../engine/engine.js';
import type { CommitUnknownError } from '../errors.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import { succeeded } from '../job/transition.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import { runningJob } from './attempt.js';
import type { Promoter } from './promoter.js';
import type { Reports } from './reports.js';

export interface OutcomesOptions {
  readonly reports: Reports;
  readonly promoter: Promoter;
  readonly logger: Logger;
  readonly serverId: () => string;
  /** Whether exactly this attempt has succeeded. */
  readonly hasSucceeded: (job: ClaimedJob) => Promise<boolean>;
}

const COMMIT_UNKNOWN: CommitUnknownError['code'] = 'FIRELOCK_COMMIT_UNKNOWN';

/** What follows when the end of an attempt has been written, or could not be. */
export class Outcomes {
  readonly #options: OutcomesOptions;

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  settled({ job, settlement, durationMs }: Ended): void {
    const { reports, promoter } = this.#options;
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

  async #staleOrKept(ended: Ended): Promise<void> {
    const { hasSucceeded, logger } = this.#options;
    try {
      if (await hasSucceeded(ended.job))
        return this.settled({ ...ended, settlement: succeeded({ result: undefined }) });
    } catch (error) {
      logger.warn({ error: errorRecord(error), jobId: ended.job.id }, 'how a commit ended cannot be read');
    }
    this.#stale(ended);
  }

  #stale({ job }: Ended): void {
    const { reports, logger } = this.#options;
    logger.warn({ jobId: job.id }, 'an attempt ended after its job was taken away: nothing was changed');
    reports.report('job:stale', () => this.#attempt(job));
  }

  #attempt(job: Ended['job']) {
    return { job: runningJob(job), serverId: this.#options.serverId() };
  }
}
