import { InvalidScheduleError } from '../errors.js';
import { parseAt } from './at.js';
import { type Calendar, exclude } from './calendar.js';
import { parseCronExpression } from './cron-expression.js';
import { cronOccurrences } from './cron-occurrences.js';
import { parseEvery } from './every.js';
import { instantOf } from './instant.js';
import { spread } from './jitter.js';
import type { Occurrences } from './occurrences.js';
import { findTimeZone } from './time-zone.js';

/** What decides with a schedule's text when it fires. */
export interface ScheduleOptions {
  /** The zone whose clocks a cron expression, and calendars, are read on: an IANA name. Default `'UTC'`. */
  readonly timeZone?: string | undefined;
  /** Nothing fires before this instant. */
  readonly startAt?: Date | undefined;
  /** Nothing fires after this instant. */
  readonly endAt?: Date | undefined;
  /** Nothing fires at what any of these excludes. */
  readonly calendars?: readonly Calendar[] | undefined;
  /** The id of the recurring job: it draws the values of `H`, and the part of `jitterMs`. */
  readonly id?: string | undefined;
  /** Every occurrence is later by a part of this, the same for the same id. Default 0. */
  readonly jitterMs?: number | undefined;
}

/** When something recurs. */
export interface Schedule {
  /** The first occurrence strictly after the instant; `undefined` if there is none, ever. */
  next(after: Date): Date | undefined;
}

/**
 * Reads a schedule: a cron expression of 5 fields, of 6 with seconds first, or a macro; or what `every` and `at` write. The
 * rules where the clocks change are those of `cronOccurrences`.
 *
 * @throws InvalidScheduleError that shows the field, its value and what is allowed
 * @example
 * parseSchedule('30 2 * * *', { timeZone: 'America/New_York' }).next(new Date('2026-03-08T00:00:00Z')); // 2026-03-08T07:00:00.000Z
 */
export function parseSchedule(text: string, options: ScheduleOptions = {}): Schedule {
  const { timeZone = 'UTC', calendars = [], id, jitterMs = 0 } = options;
  const zone = findTimeZone(timeZone);
  let occurrences = plainOccurrences(text) ?? cronOccurrences(parseCronExpression(text, id), zone);
  if (calendars.length > 0) occurrences = exclude(occurrences, calendars, zone);
  occurrences = within(occurrences, options);
  if (jitterMs > 0) occurrences = spread(occurrences, jitterMs, id);
  return {
    next(after) {
      const instant = occurrences.next(instantOf(after));
      return instant === undefined ? undefined : new Date(instant);
    },
  };
}

/** Those that no clock on a wall decides. */
function plainOccurrences(text: unknown): Occurrences | undefined {
  // JavaScript callers have no compiler to tell them.
  if (typeof text !== 'string') throw new InvalidScheduleError(text, 'it is not a string.');
  return parseEvery(text.trim()) ?? parseAt(text.trim());
}

function within(occurrences: Occurrences, { startAt, endAt }: ScheduleOptions): Occurrences {
  if (startAt === undefined && endAt === undefined) return occurrences;
  const first = startAt === undefined ? Number.NEGATIVE_INFINITY : instantOf(startAt);
  const last = endAt === undefined ? Number.POSITIVE_INFINITY : instantOf(endAt);
  if (first > last) {
    throw new InvalidScheduleError(startAt, 'startAt is after endAt: it would never fire.');
  }
  return {
    next: (after) => {
      const next = occurrences.next(Math.max(after, first - 1));
      return next === undefined || next > last ? undefined : next;
    },
  };
}
