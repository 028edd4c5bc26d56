import { InvalidScheduleError } from '../errors.js';
import { type CronExpression, parseCronExpression } from './cron-expression.js';
import { SEARCH_SPAN } from './cron-walk.js';
import { findTimeZone, type RepeatedReading, type TimeZone } from './time-zone.js';
import type { Instant, WallTime } from './wall-time.js';

/** When something recurs: a cron expression, read on the clocks of a time zone. */
export interface Schedule {
  readonly expression: string;
  readonly timeZone: string;
  /** The first occurrence strictly after the instant; `undefined` if there is none, ever. */
  next(after: Date): Date | undefined;
}

/**
 * Reads a cron expression of 5 fields, of 6 with seconds first, or a macro.
 *
 * The rules where the clocks change are those of Cronos, the engine of Hangfire, save one (see `firstAfter`):
 * - A time that the clocks skip fires at the first instant after the gap: 02:30 at 03:00. Several such times are one
 *   occurrence. An interval (`*`, a range or a step in seconds, minutes or hours) just follows the clock over the gap.
 * - A time that the clocks show twice fires in the first pass. An interval fires in both.
 *
 * @param timeZone An IANA name. Default `'UTC'`.
 * @throws InvalidScheduleError that shows the field, its value and what is allowed
 * @example
 * parseSchedule('30 2 * * *', 'America/New_York').next(new Date('2026-03-08T00:00:00Z')); // 2026-03-08T07:00:00.000Z
 */
export function parseSchedule(expression: string, timeZone = 'UTC'): Schedule {
  const cron = parseCronExpression(expression);
  const zone = findTimeZone(timeZone);
  return {
    expression,
    timeZone,
    next(after) {
      const instant = nextInstant(cron, zone, instantOf(after));
      return instant === undefined ? undefined : new Date(instant);
    },
  };
}

function instantOf(date: Date): Instant {
  const instant = date.getTime();
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidScheduleError(date, 'the instant to start from is not a valid date.');
}

/**
 * What the clocks show after the instant is what follows on the wall, except in a repeated stretch: there an earlier wall
 * time may still come again, and later ones may have been already.
 */
function nextInstant(cron: CronExpression, zone: TimeZone, after: Instant): Instant | undefined {
  const shown = zone.wallTimeAt(after);
  const reading = zone.read(shown);
  if (reading.kind !== 'repeated') return firstAfter(cron, zone, shown);
  return nextInPasses(cron, reading, after) ?? firstAfter(cron, zone, reading.end - 1);
}

/** The rest of the first pass, if we are in it; then, for an interval only, the second pass or what is left of it. */
function nextInPasses(cron: CronExpression, reading: RepeatedReading, after: Instant): Instant | undefined {
  const { wall, first, second, start, end } = reading;
  const findInPass = (from: WallTime, instantOfWall: Instant) => {
    const found = cron.next(from);
    return found !== undefined && found < end ? instantOfWall + (found - wall) : undefined;
  };
  if (after === second) return cron.isInterval ? findInPass(wall, second) : undefined;
  return findInPass(wall, first) ?? (cron.isInterval ? findInPass(start - 1, second) : undefined);
}

/**
 * The first occurrence at a wall time after the given one; a repeated time is taken in its first pass.
 *
 * Here we part from Cronos, which moves the skipped times of an interval too, so that `30 * * * *` fires at 03:00 and at
 * 03:30. For us an interval follows the clock in both directions: what the clock does not show does not fire. The span
 * ends the search for one that asks for nothing else, such as `* 2 * 3 SUN#2` in New York.
 */
function firstAfter(cron: CronExpression, zone: TimeZone, after: WallTime): Instant | undefined {
  let wall = cron.next(after);
  while (wall !== undefined && wall < after + SEARCH_SPAN) {
    const reading = zone.read(wall);
    if (reading.kind === 'once') return reading.instant;
    if (reading.kind === 'repeated') return reading.first;
    if (!cron.isInterval) return reading.change;
    wall = cron.next(reading.end - 1);
  }
  return undefined;
}
