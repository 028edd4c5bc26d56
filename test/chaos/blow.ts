import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Fleet } from './fleet.js';
import type { Journal } from './journal.js';
import type { Life, Seat } from './life.js';
import type { Strike } from './plan.js';
import type { ChaosPostgres } from './postgres.js';

/** What is disturbed. */
export interface Scene {
  readonly fleet: Fleet;
  readonly postgres: ChaosPostgres;
  readonly journal: Journal;
  /** The orchestrator's own connections, which nothing but a restart of Postgres disturbs. */
  readonly pool: pg.Pool;
}

/** A strike whose time has come. When `over` is aborted, what lasts is healed at once. */
export interface Blow extends Scene, Pick<Strike, 'disturbance' | 'forMs' | 'random'> {
  readonly over: AbortSignal;
}

/** Does the same to some processes of the blow's choice, at once; nothing else is done to them meanwhile. */
export async function onSome(
  { fleet, journal, random, disturbance }: Blow,
  { program, count }: { readonly program: Seat['program']; readonly count: number },
  work: (life: Life) => Promise<void>,
): Promise<void> {
  const lives = random.some(fleet.calm(program), count);
  if (lives.length < count) journal.note({ kind: 'too few to strike', by: disturbance });
  await Promise.all(lives.map((life) => life.disturb(() => work(life))));
}

/** Waits for as long as the blow lasts, but not beyond the end. */
export function last({ forMs, over }: Blow): Promise<void> {
  return pause(forMs, over);
}

/** Waits, but not beyond the end. */
export async function pause(ms: number, over: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal: over }).catch(() => undefined);
}
