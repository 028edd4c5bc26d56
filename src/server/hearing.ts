import type { Feed } from '../engine/engine.js';
import type { Hearing } from '../storage/listener.js';
import type { Cancellations } from './cancellations.js';
import type { Loop } from './loop.js';
import type { Promoter } from './promoter.js';
import type { Reconciliation } from './reconciliation.js';

export interface HearingParts {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly promoter: Promoter;
  readonly recurring: Loop;
  readonly cancellations: Cancellations;
  readonly reconciliation: Reconciliation;
}

/** What each notification wakes in a server; after a gap in listening, everything. */
export function hearing(parts: HearingParts): Hearing {
  const { feeds, promoter, recurring, cancellations, reconciliation } = parts;
  return (heard) => {
    switch (heard.kind) {
      case 'ready':
        feeds.get(heard.queue)?.wake();
        break;
      case 'scheduled':
        promoter.hearOf(heard.dueMs);
        break;
      case 'recurring':
        recurring.wake();
        break;
      case 'cancelled':
        cancellations.hearOf(heard.attempts);
        break;
      case 'reconnected':
        for (const feed of feeds.values()) feed.wake();
        promoter.loop.wake();
        recurring.wake();
        reconciliation.wake();
    }
  };
}
