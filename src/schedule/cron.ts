import { InvalidScheduleError } from '../errors.js';
import { type Weekday, weekdayNumber } from './weekday.js';

/** A moment of the year, on the clocks of the schedule's time zone. */
export interface YearlyMoment {
  /** 1 to 12. Default 1, January. */
  readonly month?: number | undefined;
  /** 1 to the last day of the month. Default 1. */
  readonly day?: number | undefined;
  /** 0 to 23. Default 0. */
  readonly hour?: number | undefined;
  /** 0 to 59. Default 0. */
  readonly minute?: number | undefined;
}

/**
 * Writes the cron expressions of the usual schedules, with 5 fields.
 *
 * Each throws InvalidScheduleError for a number out of its range, which the error names.
 *
 * @example
 * cron.minutely(); // '* * * * *'
 * cron.hourly(15); // '15 * * * *'
 * cron.daily(2, 30); // '30 2 * * *'
 * cron.weekly('friday', 18); // '0 18 * * 5'
 * cron.monthly(1, 6); // '0 6 1 * *'
 * cron.yearly({ month: 12, day: 24, hour: 18 }); // '0 18 24 12 *'
 */
export const cron = {
  /** Every minute. */
  minutely(): string {
    return '* * * * *';
  },

  /** Every hour, at this minute (0 to 59). */
  hourly(minute = 0): string {
    return `${minuteField(minute)} * * * *`;
  },

  /** Every day, at this hour (0 to 23) and minute (0 to 59). */
  daily(hour = 0, minute = 0): string {
    return `${timeFields(hour, minute)} * * *`;
  },

  /** Every week, on this day. */
  weekly(day: Weekday = 'monday', hour = 0, minute = 0): string {
    return `${timeFields(hour, minute)} * * ${weekdayNumber(day)}`;
  },

  /** Every month, on this day (1 to 31). A month that lacks the day is left out; the last day is `'0 0 L * *'`. */
  monthly(day = 1, hour = 0, minute = 0): string {
    return `${timeFields(hour, minute)} ${wholeNumber('day', day, [1, 31])} * *`;
  },

  /** Every year. 29 February comes in leap years only. */
  yearly({ month = 1, day = 1, hour = 0, minute = 0 }: YearlyMoment = {}): string {
    const monthField = wholeNumber('month', month, [1, 12]);
    return `${timeFields(hour, minute)} ${wholeNumber('day', day, [1, lastDayOf(month)])} ${monthField} *`;
  },
} as const;

function timeFields(hour: number, minute: number): string {
  return `${minuteField(minute)} ${wholeNumber('hour', hour, [0, 23])}`;
}

function minuteField(minute: number): string {
  return wholeNumber('minute', minute, [0, 59]);
}

function wholeNumber(name: string, value: number, [first, last]: readonly [number, number]): string {
  if (Number.isInteger(value) && value >= first && value <= last) return String(value);
  throw new InvalidScheduleError(value, `the ${name} must be a whole number from ${first} to ${last}.`);
}

/** In a leap year, such as 2000. */
function lastDayOf(month: number): number {
  return new Date(Date.UTC(2000, month, 0)).getUTCDate();
}
