import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until the answer is something; fails with what it was waiting for when that takes too long. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined | false | null> | Value | undefined | false | null,
  withinMs = 20_000,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false && value !== null) return value;
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await sleep(10);
  }
}
