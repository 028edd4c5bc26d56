import type { Logger } from '../job/context.js';
import type { Retention } from '../options.js';
import type { Database } from '../storage/database.js';
import { expireJobs } from '../storage/expire-jobs.js';
import { forgetServers } from '../storage/servers.js';
import { Loop } from './loop.js';

const EVERY_MS = 60_000;
const BATCH = 1000;

/** Expiry: removes jobs and servers whose retention is over, in bounded batches. */
export function expiryLoop(database: Database, retention: Retention, logger: Logger): Loop {
  const step = async () => {
    const counts = await Promise.all(
      (['succeeded', 'dead', 'deleted'] as const).map((state) =>
        expireJobs(database, { state, retentionMs: retention[state], limit: BATCH }),
      ),
    );
    await forgetServers(database, Math.max(...Object.values(retention)));
    return counts.includes(BATCH) ? 0 : EVERY_MS;
  };
  return new Loop({ name: 'expiry', logger, step });
}
