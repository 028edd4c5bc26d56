import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Database } from '../../storage/database.js';
import { notify } from '../../storage/notification.js';
import { databaseNow } from '../../storage/database-now.js';
import { type Finding, fix, ok } from './finding.js';

type Client = NonNullable<ReturnType<Database['client']>>;

/** Beyond this, an instant that the app computes is wrong by more than anybody expects. */
const CLOCK_LIMIT_MS = 1000;
/** On the other side of the world a notification takes 300 ms. */
const NOTIFICATION_LIMIT_MS = 2000;

/** Firelock goes by the clock of Postgres; Dates that the app computes go by that of its machine. */
export async function checkClock(database: Database): Promise<Finding> {
  const startMs = Date.now();
  const databaseMs = (await databaseNow(database)).getTime();
  const halfTripMs = (Date.now() - startMs) / 2;
  const aheadMs = Math.round(databaseMs - startMs - halfTripMs);
  const text = `the clock of Postgres is ${Math.abs(aheadMs)} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (Math.abs(aheadMs) <= CLOCK_LIMIT_MS + halfTripMs) return ok('clock', text);
  return fix(
    'clock',
    `${text}: jobs scheduled for a Date run that much off. Set both by NTP, or schedule with durations.`,
  );
}

/**
 * Sends a notification from one connection to another, which is what wakes servers. A pooler in transaction mode gives a
 * listening client's connection to others, and what it should hear is lost: that is how it can be told from Postgres.
 */
export async function checkNotifications(database: Database): Promise<Finding> {
  const client = database.client();
  if (client === undefined) throw new TypeError('a database of a connection string has clients');
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (await hears(client, database))
      return ok('notifications', 'arrive: a server hears at once of new jobs');
    return fix(
      'notifications',
      'do not arrive: jobs start up to a second late, and a killed server is missed after 20 s instead of 5. A pooler in ' +
        'transaction mode seems to stand before Postgres (PgBouncer, Supabase at port 6543): connect past it.',
    );
  } finally {
    await client.end();
  }
}

async function hears(client: Client, database: Database): Promise<boolean> {
  const channel = `firelock:doctor:${randomUUID()}`;
  await client.query(`listen ${client.escapeIdentifier(channel)}`);
  const limit = AbortSignal.timeout(NOTIFICATION_LIMIT_MS);
  const heard = once(client, 'notification', { signal: limit }).then(
    () => true,
    () => false,
  );
  await notify(database, channel, [{ kind: 'recurring' }]);
  return heard;
}
