import { setTimeout } from 'node:timers/promises';

/** Polls until the probe returns something other than undefined, and returns that. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const value = await probe();
    if (value !== undefined) return value;
    await setTimeout(10);
  }
  throw new Error(`not seen within 15 s: ${what}`);
}
