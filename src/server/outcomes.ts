import type { Ended } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { runningJob } from './attempt.js';
import type { Promoter } from './promoter.js';
import type { Reports } from './reports.js';

export interface OutcomesOptions {
  readonly reports: Reports;
  readonly promoter: Promoter;
  readonly logger: Logger;
  readonly serverId: () => string;
}

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

  /** The job was taken away while the attempt ran: nothing was changed. */
  stale({ job }: Ended): void {
    const { reports, logger } = this.#options;
    logger.warn({ jobId: job.id }, 'an attempt ended after its job was taken away: nothing was changed');
    reports.report('job:stale', () => this.#attempt(job));
  }

  #attempt(job: Ended['job']) {
    return { job: runningJob(job), serverId: this.#options.serverId() };
  }
}
