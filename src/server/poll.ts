import type { Feed } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import type { Database } from '../storage/database.js';
import { queuesWithReadyJobs } from '../storage/queues.js';
import { Loop } from './loop.js';

const EVERY_MS = 1000;

export interface PollOptions {
  readonly database: Database;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly names: readonly string[];
  readonly logger: Logger;
}

/** Stands behind notifications: one that was lost costs a second at most. One statement looks at all queues. */
export function pollLoop({ database, feeds, names, logger }: PollOptions): Loop {
  const step = async () => {
    for (const queue of await queuesWithReadyJobs(database, [...feeds.keys()], names))
      feeds.get(queue)?.wake();
    return EVERY_MS;
  };
  return new Loop({ name: 'poll', logger, step });
}
