import type { Engine } from '../engine/engine.js';
import { ServerLostError } from '../errors.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import { type RecoveredJob, recoverLostJobs } from '../storage/recover-lost-jobs.js';
import { Loop, type LoopOptions } from './loop.js';
import type { Reports } from './reports.js';
import type { Statistics } from './statistics.js';

/** It is woken when a server was declared lost; this stands behind it. */
const EVERY_MS = 5000;
/** A job whose servers were lost this often, the last time while it ran apart, is what kills them. */
const RECOVERY_LIMIT = 3;

export interface RecoveryOptions {
  readonly engine: Engine;
  readonly logger: Logger;
  readonly reports: Reports;
  readonly statistics: Statistics;
  readonly when: NonNullable<LoopOptions['when']>;
}

/** Puts the jobs of lost servers back into their queues. */
export function recoveryLoop({ engine, logger, reports, statistics, when }: RecoveryOptions): Loop {
  const error = errorRecord(
    new ServerLostError(
      'The server that ran this attempt stopped renewing its lease, or left without giving it back.',
    ),
  );
  const step = async () => {
    await engine.place(async (executor) => {
      const recovered = await recoverLostJobs(executor, { recoveryLimit: RECOVERY_LIMIT, error });
      for (const job of recovered) {
        logger.warn({ job }, 'recovered a job of a lost server');
        if (job.state === 'dead') statistics.countDeadLetter(job.queue, job.name);
        const { id: jobId, ...facts } = job;
        reports.report('job:recovered', () => ({ jobId, ...facts }));
      }
      return recovered.filter(({ state }) => state === 'enqueued').map(placed);
    });
    return EVERY_MS;
  };
  return new Loop({ name: 'recovery', logger, step, when });
}

function placed({ id, queue }: RecoveredJob) {
  return { id, queue, dueMs: null };
}
