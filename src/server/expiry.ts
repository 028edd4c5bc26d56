import type { Logger } from '../job/context.js';
import type { Retention } from '../options.js';
import type { Database } from '../storage/database.js';
import { expireAuditLog } from '../storage/audit-log.js';
import { expireJobs } from '../storage/expire-jobs.js';
import { forgetServers } from '../storage/servers.js';
import { expireStatistics, spanMs } from '../storage/statistics.js';
import { Loop, type LoopOptions } from './loop.js';

const EVERY_MS = 60_000;
const BATCH = 1000;
const AUDIT_RETENTION_MS = 365 * 24 * 3_600_000;
/** How many of each span statistics go back: an hour, two days, sixty days, two years. */
const SPANS_KEPT = { '10s': 360, minute: 2 * 1440, hour: 60 * 24, day: 2 * 365 } as const;

export interface ExpiryOptions {
  readonly database: Database;
  readonly retention: Retention;
  readonly logger: Logger;
  readonly when: NonNullable<LoopOptions['when']>;
}

/** Expiry: removes jobs, servers, statistics and lines of the audit log whose retention is over, in bounded batches. */
export function expiryLoop({ database, retention, logger, when }: ExpiryOptions): Loop {
  const step = async () => {
    const counts = await Promise.all(
      (['succeeded', 'dead', 'deleted'] as const).map((state) =>
        expireJobs(database, { state, retentionMs: retention[state], limit: BATCH }),
      ),
    );
    counts.push(await expireAuditLog(database, { retentionMs: AUDIT_RETENTION_MS, limit: BATCH }));
    await forgetServers(database, Math.max(...Object.values(retention)));
    for (const span of ['10s', 'minute', 'hour', 'day'] as const)
      counts.push(
        await expireStatistics(database, {
          span,
          retentionMs: SPANS_KEPT[span] * spanMs[span],
          limit: BATCH,
        }),
      );
    return counts.includes(BATCH) ? 0 : EVERY_MS;
  };
  return new Loop({ name: 'expiry', logger, step, when });
}
