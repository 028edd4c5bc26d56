import { CronExpressionParser } from 'cron-parser';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { parseCronExpression } from '../../src/schedule/cron-expression.js';
import { randomCron, randomDates } from './random-cron.js';

const DAY = 24 * 60 * 60 * 1000;

describe('parseCronExpression', () => {
  it.each([
    ['5 fields', '30 2 * * *', '2026-01-01 02:30:00', '2026-01-02 02:30:00'],
    ['6 fields, seconds first', '15 30 2 * * *', '2026-01-01 02:30:15', '2026-01-02 02:30:15'],
    ['spaces and tabs around and between', '  30\t2  * * * ', '2026-01-01 02:30:00', '2026-01-02 02:30:00'],
    ['a list', '5,35 9 * * *', '2026-01-01 09:05:00', '2026-01-01 09:35:00'],
    ['a list that repeats itself', '0-5,3,0 9 * * *', '2026-01-01 09:00:00', '2026-01-01 09:01:00'],
    ['a range', '0 9-10 * * *', '2026-01-01 09:00:00', '2026-01-01 10:00:00'],
    ['a step', '0 */8 * * *', '2026-01-01 08:00:00', '2026-01-01 16:00:00'],
    ['a step in a range', '0 5-12/6 * * *', '2026-01-01 05:00:00', '2026-01-01 11:00:00'],
    ['a step from a value', '0 20/3 * * *', '2026-01-01 20:00:00', '2026-01-01 23:00:00'],
    ['? for *', '0 0 12 ? * ?', '2026-01-01 12:00:00', '2026-01-02 12:00:00'],
    ['the name of a month', '0 0 1 FEB *', '2026-02-01 00:00:00', '2027-02-01 00:00:00'],
    ['a range of months by name', '0 0 1 jun-jul *', '2026-06-01 00:00:00', '2026-07-01 00:00:00'],
    ['the name of a day', '0 0 * * Mon', '2026-01-05 00:00:00', '2026-01-12 00:00:00'],
    ['a range of days by name', '0 0 * * FRI-SAT', '2026-01-02 00:00:00', '2026-01-03 00:00:00'],
    ['0 for Sunday', '0 0 * * 0', '2026-01-04 00:00:00', '2026-01-11 00:00:00'],
    ['7 for Sunday', '0 0 * * 7', '2026-01-04 00:00:00', '2026-01-11 00:00:00'],
    ['both', '0 0 * * 0,7', '2026-01-04 00:00:00', '2026-01-11 00:00:00'],
    ['a range up to Sunday', '0 0 * * 6-7', '2026-01-03 00:00:00', '2026-01-04 00:00:00'],
    ['the last day of the month', '0 0 L * *', '2026-01-31 00:00:00', '2026-02-28 00:00:00'],
    ['the last day among others', '0 0 30,L * *', '2026-01-30 00:00:00', '2026-01-31 00:00:00'],
    ['the last Friday', '0 0 * * FRIL', '2026-01-30 00:00:00', '2026-02-27 00:00:00'],
    [
      'the last Sunday, a week before the next month',
      '0 0 * * 0L',
      '2026-01-25 00:00:00',
      '2026-02-22 00:00:00',
    ],
    ['the second Monday', '0 0 * * 1#2', '2026-01-12 00:00:00', '2026-02-09 00:00:00'],
    ['the fifth Sunday', '0 0 * * sun#5', '2026-03-29 00:00:00', '2026-05-31 00:00:00'],
    ['several of these', '0 0 * * MON#1,5L', '2026-01-05 00:00:00', '2026-01-30 00:00:00'],
    ['a day before the last', '0 0 L-3 * *', '2026-01-28 00:00:00', '2026-02-25 00:00:00'],
    [
      'the weekday nearest to the 15th, a Sunday',
      '0 0 15W * *',
      '2026-01-15 00:00:00',
      '2026-02-16 00:00:00',
    ],
    [
      'the weekday nearest to the 1st, never before it',
      '0 0 1W 8 *',
      '2026-08-03 00:00:00',
      '2027-08-02 00:00:00',
    ],
    [
      'the weekday nearest to the 31st, where there is one',
      '0 0 31W * *',
      '2026-01-30 00:00:00',
      '2026-03-31 00:00:00',
    ],
    ['the last weekday, before a Sunday', '0 0 LW 5 *', '2026-05-29 00:00:00', '2027-05-31 00:00:00'],
    [
      'the weekday nearest to a day before the last',
      '0 0 L-6W * *',
      '2026-01-26 00:00:00',
      '2026-02-23 00:00:00',
    ],
    ['a weekday among other days', '0 0 3,15W * *', '2026-01-03 00:00:00', '2026-01-15 00:00:00'],
    ['hours over midnight, a step across it', '0 22-2/2 * * *', '2026-01-01 02:00:00', '2026-01-01 22:00:00'],
    ['minutes over the hour', '50-10/20 * * * *', '2026-01-01 00:10:00', '2026-01-01 00:50:00'],
    ['days over the end of the month', '0 0 28-3 * *', '2026-01-02 00:00:00', '2026-01-03 00:00:00'],
    ['months over the end of the year', '0 0 1 NOV-FEB *', '2026-02-01 00:00:00', '2026-11-01 00:00:00'],
    ['days over the end of the week', '0 0 * * FRI-MON', '2026-01-02 00:00:00', '2026-01-03 00:00:00'],
    ['days from Sunday as 7', '0 0 * * 7-2', '2026-01-04 00:00:00', '2026-01-05 00:00:00'],
    ['both day fields as AND', '0 0 13 * FRI', '2026-02-13 00:00:00', '2026-03-13 00:00:00'],
    ['AND for a step, too', '0 0 */10 * 1', '2026-05-11 00:00:00', '2026-06-01 00:00:00'],
    ['29 February', '0 0 29 2 *', '2028-02-29 00:00:00', '2032-02-29 00:00:00'],
    ['@yearly', '@yearly', '2027-01-01 00:00:00', '2028-01-01 00:00:00'],
    ['@annually', '@annually', '2027-01-01 00:00:00', '2028-01-01 00:00:00'],
    ['@monthly', '@monthly', '2026-02-01 00:00:00', '2026-03-01 00:00:00'],
    ['@weekly', '@weekly', '2026-01-04 00:00:00', '2026-01-11 00:00:00'],
    ['@daily', '@daily', '2026-01-02 00:00:00', '2026-01-03 00:00:00'],
    ['@midnight', '@midnight', '2026-01-02 00:00:00', '2026-01-03 00:00:00'],
    ['@hourly', '@hourly', '2026-01-01 01:00:00', '2026-01-01 02:00:00'],
    ['@every_minute', '@every_minute', '2026-01-01 00:01:00', '2026-01-01 00:02:00'],
    ['@every_second', '@every_second', '2026-01-01 00:00:01', '2026-01-01 00:00:02'],
    ['a macro in capitals', ' @DAILY ', '2026-01-02 00:00:00', '2026-01-03 00:00:00'],
  ])('understands %s: %s', (_, expression, ...[first, second]) => {
    const cron = parseCronExpression(expression);
    expect([cron.next(wall('2026-01-01 00:00:00')), cron.next(wall(first))].map(show)).toEqual([
      first,
      second,
    ]);
  });

  it.each([
    ['', 'number of fields is 0', 'Use 5'],
    ['   ', 'number of fields is 0', 'Use 5'],
    ['* * * *', 'number of fields is 4', 'Use 5'],
    ['* * * * * * *', 'number of fields is 7', 'Use 5'],
    ['@minutely', 'number of fields is 1', '@every_minute'],
    ['60 * * * * *', "the second '60'", '0-59'],
    ['61 * * * *', "the minute '61'", '0-59'],
    ['5,61 * * * *', "the minute '61'", '0-59'],
    ['50-61 * * * *', "the minute '50-61'", '0-59'],
    ['0 24 * * *', "the hour '24'", '0-23'],
    ['0 0 0 * *', "the day of month '0'", '1-31'],
    ['0 0 32 * *', "the day of month '32'", '1-31'],
    ['0 0 1 13 *', "the month '13'", '1-12 or JAN-DEC'],
    ['0 0 1 mon *', "the month 'mon'", '1-12 or JAN-DEC'],
    ['0 0 1 janfeb *', "the month 'janfeb'", '1-12 or JAN-DEC'],
    ['0 0 * * 8', "the day of week '8'", '0-7'],
    ['0 0 * * monday', "the day of week 'monday'", 'SUN-SAT'],
    ['0 0 * * mon#6', "the day of week 'mon#6'", '0-7'],
    ['0 0 * * L', "the day of week 'L'", '5L'],
    ['0 0 * * *#2', "the day of week '*#2'", '0-7'],
    ['1jan * * * *', "the minute '1jan'", '0-59'],
    ['jan * * * *', "the minute 'jan'", '0-59'],
    ['L * * * *', "the minute 'L'", '0-59'],
    ['0 0 W * *', "the day of month 'W'", '15W'],
    ['0 0 0W * *', "the day of month '0W'", '15W'],
    ['0 0 32W * *', "the day of month '32W'", '15W'],
    ['0 0 15-20W * *', "the day of month '15-20W'", '15W'],
    ['0 0 L- * *', "the day of month 'L-'", 'L-3'],
    ['0 0 L-31 * *', "the day of month 'L-31'", 'L-3'],
    ['0 0 WL * *', "the day of month 'WL'", 'LW'],
    ['H * * * *', 'H is drawn by the id', '{ id }'],
    ['5, * * * *', "the minute ''", '0-59'],
    ['-5 * * * *', "the minute '-5'", '0-59'],
    ['5- * * * *', "the minute '5-'", '0-59'],
    ['1.5 * * * *', "the minute '1.5'", '0-59'],
    ['1-2-3 * * * *', "the minute '1-2-3'", '0-59'],
    ['*-5 * * * *', "the minute '*-5'", '0-59'],
    ['*/0 * * * *', "the minute '*/0'", 'step'],
    ['*/90 * * * *', "the minute '*/90'", 'step'],
    ['*/ * * * *', "the minute '*/'", 'step'],
    ['1/2/3 * * * *', "the minute '1/2/3'", 'step'],
    [`${'1,'.repeat(600)}1 * * * *`, 'it has 1209 characters', '1000'],
  ])('refuses %j, showing the field, its value and what is allowed', (expression, problem, allowed) => {
    const parse = () => parseCronExpression(expression);
    expect(parse).toThrow(InvalidScheduleError);
    expect(parse).toThrow(problem);
    expect(parse).toThrow(allowed);
  });

  it.each<unknown>([undefined, null, 5, {}])('refuses %s, which is no string', (value) => {
    // The cast is what JavaScript callers can do.
    expect(() => parseCronExpression(value as string)).toThrow(InvalidScheduleError);
  });

  it.each([
    ['* 2 * * *', true],
    ['? 2 * * *', true],
    ['0 * * * *', true],
    ['0-5 2 * * *', true],
    ['0 1-2 * * *', true],
    ['0/5 2 * * *', true],
    ['0 */2 * * *', true],
    ['1,5-7 2 * * *', true],
    ['* 0 2 * * *', true],
    ['@hourly', true],
    ['@every_minute', true],
    ['0 22-2 * * *', true],
    ['H/15 2 * * *', true],
    ['H(0-29) H(1-3) * * *', false],
    ['0 2 * * *', false],
    ['0,15,30 2,3 * * *', false],
    ['0 0 2 */2 1-6 MON-FRI', false],
    ['@daily', false],
  ])('takes %s for an interval: %s', (expression, isInterval) => {
    expect(parseCronExpression(expression, 'some id').isInterval).toBe(isInterval);
  });
});

describe('CronExpression.next', () => {
  it('is strictly after, to the millisecond', () => {
    const cron = parseCronExpression('0 12 * * *');
    const noon = wall('2026-01-01 12:00:00');
    expect([noon - 1, noon, noon + 1].map((after) => show(cron.next(after)))).toEqual([
      '2026-01-01 12:00:00',
      '2026-01-02 12:00:00',
      '2026-01-02 12:00:00',
    ]);
  });

  it('finds the day that comes once in forty years', () => {
    const cron = parseCronExpression('0 0 29 2 MON');
    expect(show(cron.next(wall('2072-02-29 00:00:00')))).toBe('2112-02-29 00:00:00');
  });

  it.each([
    '0 0 30 2 *',
    '0 0 31 2,4,6,9,11 *',
    '0 0 30 2 1',
    '0 0 1-7 * MON#2',
    '* * * 22 1 5L',
    '* * * 31 4 *',
  ])('says within 100 ms that %s never fires', (expression) => {
    const cron = parseCronExpression(expression);
    const start = performance.now();
    expect(cron.next(0)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('has no next at the end of what a Date can hold', () => {
    expect(parseCronExpression('* * * * *').next(8.64e15)).toBeUndefined();
  });

  it('agrees with cron-parser where both mean the same: at most one day field is restricted', () => {
    fc.assert(
      fc.property(randomCron({ withSeconds: true }), someDay(), ({ expression }, after) => {
        const [, , , dayOfMonth, , dayOfWeek] = expression.split(' ');
        fc.pre(dayOfMonth === '*' || dayOfWeek === '*');
        const peer = peerNext(expression, after);
        fc.pre(peer !== 'refused');
        expect(parseCronExpression(expression).next(after)).toBe(peer);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the first date on which all three day fields hold, and none if there is none', () => {
    fc.assert(
      fc.property(randomDates(), someDay(), (cron, after) => {
        let day = Math.floor(after / DAY) + 1;
        const last = day + 41 * 366;
        while (day < last && !cron.matches(day * DAY)) day++;
        expect(parseCronExpression(cron.expression).next(after)).toBe(day < last ? day * DAY : undefined);
      }),
      { numRuns: 1000 },
    );
  });
});

function someDay(): fc.Arbitrary<number> {
  return fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2110, 0, 1) });
}

/** cron-parser refuses lists that repeat themselves, and dates that no month has. */
function peerNext(expression: string, after: number): number | 'refused' {
  try {
    const peer = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(after) });
    return peer.next().getTime();
  } catch {
    return 'refused';
  }
}

function wall(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

function show(wallTime: number | undefined): string | undefined {
  return wallTime === undefined ? undefined : new Date(wallTime).toISOString().slice(0, 19).replace('T', ' ');
}
