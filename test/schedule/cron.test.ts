import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { cron } from '../../src/schedule/cron.js';
import type { Weekday } from '../../src/schedule/weekday.js';
import { parseSchedule } from '../../src/schedule/schedule.js';

describe('cron', () => {
  it.each([
    [cron.minutely(), '* * * * *'],
    [cron.hourly(), '0 * * * *'],
    [cron.hourly(59), '59 * * * *'],
    [cron.daily(), '0 0 * * *'],
    [cron.daily(2), '0 2 * * *'],
    [cron.daily(23, 59), '59 23 * * *'],
    [cron.weekly(), '0 0 * * 1'],
    [cron.weekly('sunday'), '0 0 * * 0'],
    [cron.weekly('saturday', 18, 30), '30 18 * * 6'],
    [cron.monthly(), '0 0 1 * *'],
    [cron.monthly(31, 6, 15), '15 6 31 * *'],
    [cron.yearly(), '0 0 1 1 *'],
    [cron.yearly({ month: 12, day: 24, hour: 18 }), '0 18 24 12 *'],
    [cron.yearly({ month: 2, day: 29, minute: 5 }), '5 0 29 2 *'],
  ])('writes %s', (written, expected) => {
    expect(written).toBe(expected);
    expect(parseSchedule(written).next(new Date(0))).toBeInstanceOf(Date);
  });

  it.each([
    ['hourly(60)', () => cron.hourly(60), '60', 'minute', '0 to 59'],
    ['hourly(-1)', () => cron.hourly(-1), '-1', 'minute', '0 to 59'],
    ['hourly(1.5)', () => cron.hourly(1.5), '1.5', 'minute', '0 to 59'],
    ['daily(24)', () => cron.daily(24), '24', 'hour', '0 to 23'],
    ['daily(NaN)', () => cron.daily(Number.NaN), 'NaN', 'hour', '0 to 23'],
    ['daily(0, 60)', () => cron.daily(0, 60), '60', 'minute', '0 to 59'],
    ['weekly(monday, 24)', () => cron.weekly('monday', 24), '24', 'hour', '0 to 23'],
    ['monthly(0)', () => cron.monthly(0), '0', 'day', '1 to 31'],
    ['monthly(32)', () => cron.monthly(32), '32', 'day', '1 to 31'],
    ['yearly month 13', () => cron.yearly({ month: 13 }), '13', 'month', '1 to 12'],
    ['yearly 30 February', () => cron.yearly({ month: 2, day: 30 }), '30', 'day', '1 to 29'],
    ['yearly 31 April', () => cron.yearly({ month: 4, day: 31 }), '31', 'day', '1 to 30'],
  ])('refuses %s, naming the value and the range', (_, write, ...[value, name, range]) => {
    expect(write).toThrow(InvalidScheduleError);
    expect(write).toThrow(new RegExp(`Invalid schedule ${value}: the ${name} .* ${range}`));
  });

  it('refuses a day of the week that is none, naming those that are', () => {
    // The cast is what JavaScript callers can do.
    const day = 'mon' as Weekday;
    expect(() => cron.weekly(day)).toThrow(InvalidScheduleError);
    expect(() => cron.weekly(day)).toThrow(/'mon'.*sunday, monday/);
  });
});
