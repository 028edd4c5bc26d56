import type { CronExpression } from './cron-expression.js';
import type { Occurrences } from './occurrences.js';
import type { RepeatedStretch, TimeZone } from './time-zone.js';
import type { Instant, WallTime } from './wall-time.js';

/**
 * When the clocks of a zone show what a cron expression says. Where they change, the rules are those of Cronos, the engine
 * of Hangfire:
 * - A time that the clocks skip fires at the first instant after the gap: 02:30 at 03:00. Several such times, and one that
 *   is due at that instant anyway, are one occurrence.
 * - A time that the clocks show twice fires in the first pass. An interval (`*`, a range or a step in seconds, minutes or
 *   hours) fires in both.
 */
export function cronOccurrences(cron: CronExpression, zone: TimeZone): Occurrences {
  return { next: (after) => nextInstant(cron, zone, after) };
}

/**
 * What the clocks show after the instant is what follows on the wall, except in a repeated stretch: there an earlier wall
 * time may still come again, and later ones may have been already.
 */
function nextInstant(cron: CronExpression, zone: TimeZone, after: Instant): Instant | undefined {
  const shown = zone.wallTimeAt(after);
  const { repeated } = zone.read(shown);
  if (repeated === undefined) return firstAfter(cron, zone, shown);
  return nextInPasses(cron, repeated, after) ?? firstAfter(cron, zone, repeated.end - 1);
}

/** In what is left of the first pass; then, for an interval only, of the second. A pass that is to come is left whole. */
function nextInPasses(cron: CronExpression, repeated: RepeatedStretch, after: Instant): Instant | undefined {
  const { start, end, change } = repeated;
  const first = change - (end - start);
  for (const pass of cron.isInterval ? [first, change] : [first]) {
    const found = cron.next(start + Math.max(after - pass, -1));
    if (found !== undefined && found < end) return pass + (found - start);
  }
  return undefined;
}

/** The first occurrence at a wall time after the given one: a repeated time in its first pass, a skipped one after the gap. */
function firstAfter(cron: CronExpression, zone: TimeZone, after: WallTime): Instant | undefined {
  const wall = cron.next(after);
  return wall === undefined ? undefined : zone.read(wall).first;
}
