import pg from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Firelock } from '../src/firelock.js';
import { createFirelock } from '../src/firelock.js';
import type { JobWithHistory } from '../src/job/job.js';
import type { State } from '../src/job/state.js';
import type { FirelockOptions, ServerOptions } from '../src/options.js';
import type { Server } from '../src/server/server.js';
import { eventually } from './eventually.js';

export const silent = pino({ level: 'silent' });

/** An installation that is closed when the test ends. */
export function openFirelock(connectionString: string, options: Partial<FirelockOptions> = {}): Firelock {
  const firelock = createFirelock({ connectionString, logger: silent, ...options } as FirelockOptions);
  onTestFinished(() => firelock.close());
  return firelock;
}

/** A running server that is stopped when the test ends. */
export async function startServer(firelock: Firelock, options: ServerOptions): Promise<Server> {
  const server = firelock.createServer(options);
  await server.start();
  onTestFinished(() => server.stop({ grace: 0 }));
  return server;
}

/** The job once it is in the state. */
export function jobInState(firelock: Firelock, id: string, state: State): Promise<JobWithHistory> {
  return eventually(`job ${id} is ${state}`, async () => {
    const job = await firelock.getJob(id);
    return job?.state === state ? job : undefined;
  });
}

/** A connection that is closed when the test ends. */
export async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
