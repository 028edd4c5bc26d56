import { once } from 'node:events';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import { openFirelock } from '../firelock.js';

/** Ends when its signal is aborted, and remembers why and when. */
export function heeding(queue: string) {
  const aborted: { readonly attempt: number; readonly reason: unknown; readonly atMs: number }[] = [];
  const job = defineJob({
    name: `heeding-${queue}`,
    queue,
    handler: async (_args, { signal, job: { attempt } }) => {
      if (!signal.aborted) await once(signal, 'abort');
      aborted.push({ attempt, reason: signal.reason, atMs: performance.now() });
      throw signal.reason;
    },
  });
  return { job, aborted };
}

/** Of a Kysely there is no connection to listen on: its servers hear no notification. */
export function openDeafFirelock(url: string): Firelock {
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  const kysely = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  return openFirelock(url, { connectionString: undefined, kysely });
}
