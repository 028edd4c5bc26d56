import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import type { Database } from '../storage/database.js';
import { recurringAgenda } from '../storage/due-recurring-jobs.js';
import { RecurringFiring } from './firing.js';
import { Loop } from './loop.js';
import type { Reports } from './reports.js';

/**
 * The server that leads fires; the others stand by, a little later, so that an occurrence is in time also when it falls
 * right after the leader's death. Postgres lets one of them succeed.
 */
const STANDBY_MS = 20;
const STANDBY_SPREAD_MS = 10;
/** Schedules that another process has changed are heard of; should that be lost, the leader finds them after this long. */
const LONGEST_SLEEP_MS = 5000;
const LONGEST_STANDBY_SLEEP_MS = 60_000;
/** What is due, and could not be fired, is held by another transaction: it is tried again after this long. */
const HELD_PAUSE_MS = 100;
/** An occurrence that waits for an earlier run is looked at this often. */
const PENDING_EVERY_MS = 500;

export interface RecurringOptions {
  readonly database: Database;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly reports: Reports;
  /** Whether this server does what one does for all. */
  readonly leads: () => boolean;
}

/** Fires recurring jobs at their instants. */
export function recurringLoop(options: RecurringOptions): Loop {
  const { database, logger, leads } = options;
  const firing = new RecurringFiring(options);
  const step = async () => {
    const { dueInMs, hasPending } = await recurringAgenda(database);
    const delayMs = leads() ? 0 : STANDBY_MS + Math.random() * STANDBY_SPREAD_MS;
    if (hasPending && leads()) await firing.firePending();
    if (dueInMs !== null && dueInMs + delayMs <= 0) return (await firing.fireDue()) ? 0 : HELD_PAUSE_MS;
    return Math.min((dueInMs ?? Number.POSITIVE_INFINITY) + delayMs, pollMs(leads(), hasPending));
  };
  return new Loop({ name: 'recurring', logger, step });
}

function pollMs(leads: boolean, hasPending: boolean): number {
  if (!leads) return LONGEST_STANDBY_SLEEP_MS;
  return hasPending ? PENDING_EVERY_MS : LONGEST_SLEEP_MS;
}
