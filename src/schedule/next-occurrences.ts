import { InvalidScheduleError } from '../errors.js';
import { parseSchedule } from './schedule.js';

export interface NextOccurrencesOptions {
  /** The zone whose clocks the expression is read on: an IANA name. Default `'UTC'`. */
  readonly timeZone?: string | undefined;
  /** The occurrences are strictly after this instant. */
  readonly from: Date;
  /** How many at most; fewer if the expression fires no more. */
  readonly count: number;
}

/**
 * The instants at which a recurring job with this cron expression runs next: exactly those at which it will.
 *
 * It depends on its arguments only and may be called as often as you like, for example to check a user's input.
 *
 * @throws InvalidScheduleError if the expression, the time zone, `from` or `count` is wrong
 * @example
 * // The clocks of New York skip 02:30 on 8 March 2026: that day's run is at 03:00.
 * nextOccurrences('30 2 * * *', {
 *   timeZone: 'America/New_York',
 *   from: new Date('2026-03-07T12:00:00Z'),
 *   count: 2,
 * }); // [2026-03-08T07:00:00.000Z, 2026-03-09T06:30:00.000Z]
 */
export function nextOccurrences(expression: string, options: NextOccurrencesOptions): Date[] {
  const { timeZone, from, count } = options;
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new InvalidScheduleError(count, 'the count of occurrences must be a whole number, 0 or more.');
  }
  const schedule = parseSchedule(expression, timeZone);
  const occurrences: Date[] = [];
  let next = schedule.next(from);
  while (next !== undefined && occurrences.length < count) {
    occurrences.push(next);
    next = schedule.next(next);
  }
  return occurrences;
}
