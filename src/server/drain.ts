import type { Feed } from '../engine/engine.js';
import { ServerStoppingError } from '../errors.js';
import { endsWithin } from '../storage/time-limit.js';
import type { Grace } from './grace.js';
import type { Performer } from './perform.js';

/** After an abort, handlers have this long to notice it; after that their jobs are given back while they still run. */
const ABORT_GRACE_MS = 2000;
/** Settling and giving back need Postgres: without it, stopping does not wait longer than this. */
const SETTLE_LIMIT_MS = 5000;

export interface Draining {
  readonly performer: Performer;
  readonly feeds: readonly Feed[];
  readonly grace: Grace;
}

/**
 * Lets running handlers end, for the grace; then aborts their signals, and gives back the jobs of those that go on all the
 * same. Answers whether everything is settled. The feeds claim nothing any more.
 */
export async function drain({ performer, feeds, grace }: Draining): Promise<boolean> {
  const handlersEnded = performer.idle();
  await Promise.race([handlersEnded, grace.over]);
  performer.abortAll(() => new ServerStoppingError());
  if (!(await endsWithin(ABORT_GRACE_MS, handlersEnded))) {
    performer.giveUpAll();
    for (const feed of feeds) feed.abandon();
  }
  return endsWithin(SETTLE_LIMIT_MS, Promise.all(feeds.map((feed) => feed.idle())));
}
