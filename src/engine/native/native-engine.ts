import type { Database } from '../../storage/database.js';
import { channelOf, type Notification, notify } from '../../storage/notification.js';
import type { Notifier } from '../../storage/notifier.js';
import type { PlacedJob } from '../../storage/placed-job.js';
import type { Executor } from '../../storage/statement.js';
import type { Engine, Feed, FeedOptions } from '../engine.js';
import { NativeFeed } from './native-feed.js';

/** The default engine: claims straight from the jobs table, woken by notifications. */
export class NativeEngine implements Engine {
  readonly #database: Database;
  readonly #notifier: Notifier;

  constructor(database: Database, notifier: Notifier) {
    this.#database = database;
    this.#notifier = notifier;
  }

  async place<Placed extends PlacedJob>(work: (executor: Executor) => Promise<Placed[]>): Promise<Placed[]> {
    const placed = await work(this.#database);
    for (const notification of notificationsOf(placed)) this.#notifier.notify(notification);
    return placed;
  }

  async announce(tx: Executor, jobs: readonly PlacedJob[]): Promise<void> {
    const notifications = notificationsOf(jobs);
    if (notifications.length > 0) await notify(tx, channelOf(this.#database.schema), notifications);
  }

  feed(options: FeedOptions): Feed {
    return new NativeFeed(this.#database, options);
  }

  flush(): Promise<void> {
    return this.#notifier.flush();
  }
}

/** One notification a queue, and one for the earliest of the scheduled jobs. */
function notificationsOf(jobs: readonly PlacedJob[]): Notification[] {
  const queues = new Set<string>();
  let dueMs = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    if (job.dueMs === null) queues.add(job.queue);
    else dueMs = Math.min(dueMs, job.dueMs);
  }
  const ready = [...queues].map((queue) => ({ kind: 'ready', queue }) as const);
  return Number.isFinite(dueMs) ? [...ready, { kind: 'scheduled', dueMs }] : ready;
}
