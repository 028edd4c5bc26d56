import type { Database } from '../../storage/database.js';
import { listQueues, type Queue } from '../../storage/queues.js';
import { type QueueTotals, totalsByQueue } from '../../storage/statistics-totals.js';

const LIMIT = 1000;
const MINUTES = 10;

/** A queue as it stands, and what came of its jobs in the last minutes. */
export interface QueueFacts {
  readonly queue: Queue;
  readonly totals: QueueTotals | undefined;
}

export async function readQueues(database: Database): Promise<readonly QueueFacts[]> {
  const period = { span: 'minute', step: 1, bars: MINUTES } as const;
  const [queues, totals] = await Promise.all([
    listQueues(database, LIMIT),
    totalsByQueue(database, { period, limit: LIMIT }),
  ]);
  const byName = new Map(totals.map((each) => [each.queue, each]));
  return queues.map((queue) => ({ queue, totals: byName.get(queue.name) }));
}
