import { setTimeout as sleep } from 'node:timers/promises';

/** Postgres may never answer: a network can lose packets without a word. Answers whether the work ended in time. */
export async function endsWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  const over = sleep(limitMs, false, { signal: limit.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    limit.abort();
  }
}
