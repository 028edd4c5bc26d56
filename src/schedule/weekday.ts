import { InvalidScheduleError } from '../errors.js';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** 0 to 6, as in cron; Sunday is 0. */
export function weekdayNumber(day: Weekday): number {
  const number = WEEKDAYS.indexOf(day);
  if (number < 0) throw new InvalidScheduleError(day, `the day must be one of ${WEEKDAYS.join(', ')}.`);
  return number;
}
