import type { Logger } from '../job/context.js';
import type { Database } from '../storage/database.js';
import { beat } from '../storage/servers.js';
import { Loop } from './loop.js';

const EVERY_MS = 5000;

export interface HeartbeatOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly serverId: () => string;
  /** The server was declared lost: another one has taken its jobs. */
  readonly onLost: () => Promise<void>;
}

/** Renews the server's lease. */
export function heartbeatLoop({ database, logger, serverId, onLost }: HeartbeatOptions): Loop {
  const step = async () => {
    if (!(await beat(database, serverId()))) await onLost();
    return EVERY_MS;
  };
  return new Loop({ name: 'heartbeat', logger, step });
}
