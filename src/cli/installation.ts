import { setTimeout as sleep } from 'node:timers/promises';
import { type Firelock, createFirelock } from '../firelock.js';
import { checkFirelockOptions } from '../options.js';
import { connect } from '../storage/connections.js';
import { Database } from '../storage/database.js';
import { databaseNow } from '../storage/database-now.js';
import { CommandError } from './command-error.js';
import { ConsoleLogger } from './console-logger.js';
import type { Target } from './target.js';

/** A host that swallows packets would keep a person waiting for minutes. */
const ANSWER_LIMIT_MS = 10_000;

/** Opens the tables of the installation, once Postgres has answered. */
export async function withDatabase<Result>(
  target: Target,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { connection, schema } = checkFirelockOptions(target);
  const database = new Database(connect(connection, ignore), schema);
  await untilAnswer(database);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Opens the installation for a command that talks to a person. */
export async function withFirelock<Result>(
  target: Target,
  work: (firelock: Firelock) => Promise<Result>,
): Promise<Result> {
  await withDatabase(target, () => Promise.resolve());
  const logger = new ConsoleLogger();
  const firelock = createFirelock({ ...target, logger });
  try {
    return await work(firelock);
  } finally {
    logger.silence();
    await firelock.close();
  }
}

async function untilAnswer(database: Database): Promise<void> {
  const limit = new AbortController();
  const silence = sleep(ANSWER_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
    throw new CommandError(
      `Postgres did not answer within ${ANSWER_LIMIT_MS / 1000} s. Check DATABASE_URL and the network.`,
    );
  });
  await Promise.race([databaseNow(database), silence]).finally(() => limit.abort());
}

/** An idle connection that breaks is told by the next statement. */
function ignore(): void {}
