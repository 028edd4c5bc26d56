import type { Feed } from '../engine/engine.js';
import type { Hearing } from '../storage/listener.js';
import type { Loop } from './loop.js';
import type { Promoter } from './promoter.js';

/** What each notification wakes in a server; after a gap in listening, everything. */
export function hearing(feeds: ReadonlyMap<string, Feed>, promoter: Promoter, recurring: Loop): Hearing {
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
      case 'reconnected':
        for (const feed of feeds.values()) feed.wake();
        promoter.loop.wake();
        recurring.wake();
    }
  };
}
