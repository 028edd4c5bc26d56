import type { Schedule } from './schedule.js';

/** What becomes of occurrences that could not be fired at their time, because no server was there to do it. */
export type MisfirePolicy = 'once' | 'skip' | 'all';

export interface MisfireRules {
  readonly misfire: MisfirePolicy;
  /** With `skip`: an occurrence is fired if it is not later than this. */
  readonly graceMs: number;
  /** With `all`: so many of the latest are fired. */
  readonly limit: number;
}

export interface Due {
  /** In their order. */
  readonly fire: readonly Date[];
  /** Those that will never be fired; undefined if there are none. */
  readonly missed: Missed | undefined;
  /** The first that is not due yet. */
  readonly next: Date | undefined;
}

interface Missed {
  readonly first: Date;
  readonly last: Date;
  /** Counted up to 10,000. */
  readonly count: number;
}

/** So long a change of the leading server may take: it is no downtime, and every occurrence of it is fired, late. */
const HICCUP_MS = 5000;
/** More are not fired at once, nor counted. */
const MOST = 10_000;
/** A look back this long is doubled until it finds enough. */
const FIRST_LOOK_BACK_MS = 1000;

/**
 * Of the occurrences from `due` to `now`, which to fire. `due` is one, whatever the schedule says by now: it was promised.
 * - `once`: the latest makes up for all of them.
 * - `skip`: those that are within the grace.
 * - `all`: each, up to the limit; of more, the latest.
 *
 * Whatever the policy, nothing counts as missed while the earliest is late by a change of the leading server only.
 */
export function dueOccurrences(schedule: Schedule, rules: MisfireRules, { due, now }: Stretch): Due {
  const next = schedule.next(now);
  const fire = latest(schedule, mostOf(rules, { due, now }), { due, now }).filter(
    (occurrence) =>
      rules.misfire !== 'skip' ||
      isWithin(HICCUP_MS, { due, now }) ||
      isWithin(rules.graceMs, { due: occurrence, now }),
  );
  return { fire, missed: missed(schedule, due, fire[0] ?? new Date(now.getTime() + 1)), next };
}

interface Stretch {
  readonly due: Date;
  readonly now: Date;
}

function mostOf({ misfire, limit }: MisfireRules, stretch: Stretch): number {
  if (misfire === 'skip' || isWithin(HICCUP_MS, stretch)) return MOST;
  return misfire === 'once' ? 1 : limit;
}

function isWithin(ms: number, { due, now }: Stretch): boolean {
  return now.getTime() - due.getTime() <= ms;
}

/** The latest of them, in their order: found by looking back from now, because there may be millions before. */
function latest(schedule: Schedule, most: number, { due, now }: Stretch): Date[] {
  for (let backMs = FIRST_LOOK_BACK_MS; now.getTime() - backMs > due.getTime(); backMs *= 2) {
    const found = [...after(schedule, new Date(now.getTime() - backMs), now)];
    if (found.length >= most) return found.slice(-most);
  }
  return [due, ...after(schedule, due, now)].slice(-most);
}

function missed(schedule: Schedule, due: Date, before: Date): Missed | undefined {
  if (due >= before) return undefined;
  const until = new Date(before.getTime() - 1);
  let count = 1;
  for (const _ of after(schedule, due, until)) if (++count === MOST) break;
  const [last = due] = latest(schedule, 1, { due, now: until });
  return { first: due, last, count };
}

/** The occurrences after one instant, up to another. */
function* after(schedule: Schedule, instant: Date, until: Date): Generator<Date> {
  let next = schedule.next(instant);
  for (; next !== undefined && next <= until; next = schedule.next(next)) yield next;
}
