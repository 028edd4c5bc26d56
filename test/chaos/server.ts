/** A server process of a chaos run: runs all kinds of jobs until it is told to leave, or worse. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { everydayJobs } from './handlers/everyday.js';
import { rareJobs } from './handlers/rare.js';
import { transactionalJobs } from './handlers/transactional.js';
import { assignment, tell } from './messages.js';
import { poolOf } from './pool.js';

const { name, connectionString, queues } = assignment();
const logger = pino({ name });
const pool = poolOf({ connectionString });
const firelock = createFirelock({ connectionString, logger });
const surroundings = { pool, server: name };
const jobs = [everydayJobs, rareJobs, transactionalJobs].flatMap((jobsOf) => jobsOf(surroundings));
const server = firelock.createServer({ name, jobs, queues });
const leaving = new AbortController();

process.once('SIGTERM', () => void leave());
await start();

/** Postgres may be away just now. */
async function start(): Promise<void> {
  while (!leaving.signal.aborted) {
    try {
      await server.start();
      return tell({ kind: 'ready' });
    } catch (error) {
      logger.warn({ error }, 'the server cannot start yet');
      await sleep(300);
    }
  }
}

/** Nothing ends the process: it must end by itself when everything has been let go. */
async function leave(): Promise<void> {
  leaving.abort();
  await server.stop({ grace: '2s' });
  await firelock.close();
  await pool.end();
  process.disconnect();
}
