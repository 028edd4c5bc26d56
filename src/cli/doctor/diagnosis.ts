import type { Database } from '../../storage/database.js';
import { explain } from '../explanation.js';
import { withDatabase } from '../installation.js';
import { redacted } from '../redaction.js';
import type { Target } from '../target.js';
import { checkClock, checkNotifications } from './check-connection.js';
import { checkInstallation } from './check-installation.js';
import { checkRecurring } from './check-recurring.js';
import { checkSettings } from './check-settings.js';
import { type Finding, fix, ok } from './finding.js';
import { readPostgresFacts } from '../../storage/postgres-facts.js';

/** Looks at everything that Firelock needs of a Postgres, and changes nothing. */
export async function diagnose(target: Target): Promise<readonly Finding[]> {
  const startMs = performance.now();
  try {
    return await withDatabase(target, async (database) => {
      const tookMs = Math.round(performance.now() - startMs);
      const connection = ok('connection', `${redacted(target.connectionString)} answered in ${tookMs} ms`);
      return [connection, ...(await examine(database))];
    });
  } catch (error) {
    return [unlessBug('connection', error)];
  }
}

async function examine(database: Database): Promise<readonly Finding[]> {
  const facts = await readPostgresFacts(database);
  const installation = await checkInstallation(database, facts);
  // Without the tables, or the right to read them, there is nothing to say of what is in them.
  const isThere = installation.every((finding) => finding.ok);
  return [
    ...checkSettings(facts),
    ...installation,
    ...(isThere ? [await explained('schedules', checkRecurring(database))] : []),
    await explained('clock', checkClock(database)),
    await explained('notifications', checkNotifications(database)),
  ];
}

/** A check that fails is a finding itself, and the others still say theirs. */
async function explained(topic: string, check: Promise<Finding>): Promise<Finding> {
  try {
    return await check;
  } catch (error) {
    return unlessBug(topic, error);
  }
}

function unlessBug(topic: string, error: unknown): Finding {
  const text = explain(error);
  if (text === undefined) throw error;
  return fix(topic, text);
}
