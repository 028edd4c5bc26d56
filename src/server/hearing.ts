import type { Feed } from '../engine/engine.js';
import type { Hearing } from '../storage/listener.js';
import type { Cancellations } from './cancellations.js';
import type { Leader } from './leader.js';
import type { Membership } from './membership.js';
import type { Quarantine } from './quarantine.js';
import type { Reconciliation } from './reconciliation.js';

export interface HearingParts {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly leader: Leader;
  readonly quarantine: Quarantine;
  readonly cancellations: Cancellations;
  readonly membership: Membership;
  readonly reconciliation: Reconciliation;
}

/** What each notification wakes in a server; after a gap in listening, everything. */
export function hearing(parts: HearingParts): Hearing {
  const { feeds, leader, quarantine, cancellations, membership, reconciliation } = parts;
  return (heard) => {
    switch (heard.kind) {
      case 'ready':
        feeds.get(heard.queue)?.wake();
        break;
      case 'paused':
        feeds.get(heard.queue)?.holdBack();
        break;
      case 'suspect':
        quarantine.hearOf(heard);
        break;
      case 'scheduled':
        leader.promoter.hearOf(heard.dueMs);
        break;
      case 'recurring':
        leader.recurring.wake();
        break;
      case 'watched':
        leader.watch.hearOf(heard.serverId);
        break;
      case 'asked':
        membership.hearOf(heard.serverId);
        break;
      case 'cancelled':
        cancellations.hearOf(heard.attempts);
        break;
      case 'reconnected':
        for (const feed of feeds.values()) feed.wake();
        leader.promoter.loop.wake();
        leader.recurring.wake();
        reconciliation.wake();
    }
  };
}
