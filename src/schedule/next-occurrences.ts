import type { Duration } from '../duration.js';
import { milliseconds } from '../duration.js';
import { InvalidScheduleError } from '../errors.js';
import { type CalendarRules, parseCalendar } from './calendar.js';
import { parseSchedule } from './schedule.js';

export interface NextOccurrencesOptions {
  /** The zone on whose clocks the expression is read: an IANA name. Default `'UTC'`. */
  readonly timeZone?: string | undefined;
  /** The occurrences are strictly after this instant. Default: now. */
  readonly from?: Date | undefined;
  /** How many at most; fewer if the schedule ends before. */
  readonly count: number;
  /** Nothing fires before this instant. */
  readonly startAt?: Date | undefined;
  /** Nothing fires after this instant. */
  readonly endAt?: Date | undefined;
  /** Nothing fires at what any of these excludes. */
  readonly calendars?: readonly CalendarRules[] | undefined;
  /** The recurring job's id, which draws the values of `H` and the part of the jitter. */
  readonly id?: string | undefined;
  /** Default 0. */
  readonly jitter?: Duration | undefined;
}

/**
 * The instants at which a recurring job with this schedule runs next: exactly those at which it will.
 *
 * It depends on its arguments only and may be called as often as you like, for example to check a user's input.
 *
 * @throws InvalidScheduleError if the schedule, the time zone, `from` or `count` is wrong
 * @example
 * // The clocks of New York skip 02:30 on 8 March 2026: that day's run is at 03:00.
 * nextOccurrences('30 2 * * *', {
 *   timeZone: 'America/New_York',
 *   from: new Date('2026-03-07T12:00:00Z'),
 *   count: 2,
 * }); // [2026-03-08T07:00:00.000Z, 2026-03-09T06:30:00.000Z]
 */
export function nextOccurrences(schedule: string, options: NextOccurrencesOptions): Date[] {
  const { from = new Date(), count, calendars = [], jitter = 0, ...rest } = options;
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new InvalidScheduleError(count, 'the count of occurrences must be a whole number, 0 or more.');
  }
  const parsed = parseSchedule(schedule, {
    ...rest,
    calendars: calendars.map(parseCalendar),
    jitterMs: milliseconds(jitter),
  });
  const occurrences: Date[] = [];
  let next = parsed.next(from);
  while (next !== undefined && occurrences.length < count) {
    occurrences.push(next);
    next = parsed.next(next);
  }
  return occurrences;
}
