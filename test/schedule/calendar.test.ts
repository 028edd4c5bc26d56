import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import type { CalendarRules } from '../../src/schedule/calendar.js';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';

interface Asked {
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly from?: string;
  readonly count?: number;
}

function next(calendars: CalendarRules | CalendarRules[], asked: Asked = {}): string[] {
  const { schedule = '0 9 * * *', timeZone, from = '2026-12-24T12:00Z', count = 3 } = asked;
  return nextOccurrences(schedule, {
    timeZone,
    from: new Date(from),
    count,
    calendars: [calendars].flat(),
  }).map((date) => date.toISOString().replace(':00.000Z', 'Z'));
}

describe('a calendar', () => {
  it('excludes a date, in one year or in all', () => {
    expect(next({ dates: ['2026-12-25'] }, { count: 2 })).toEqual(['2026-12-26T09:00Z', '2026-12-27T09:00Z']);
    const yearly = { schedule: '0 9 25 12 *', count: 2 };
    expect(next({ dates: ['2026-12-25'] }, yearly)).toEqual(['2027-12-25T09:00Z', '2028-12-25T09:00Z']);
    expect(next({ dates: ['12-25'] }, yearly)).toEqual([]);
  });

  it('excludes days of the week', () => {
    expect(next({ weekdays: ['saturday', 'sunday'] })).toEqual([
      '2026-12-25T09:00Z',
      '2026-12-28T09:00Z',
      '2026-12-29T09:00Z',
    ]);
  });

  it('excludes times of day, their end not', () => {
    const schedule = '0 * * * *';
    expect(next({ times: ['12:00-15:00'] }, { schedule, from: '2026-12-24T11:30Z', count: 2 })).toEqual([
      '2026-12-24T15:00Z',
      '2026-12-24T16:00Z',
    ]);
  });

  it('excludes a night', () => {
    const schedule = '0 * * * *';
    expect(next({ times: ['22:00-06:00'] }, { schedule, from: '2026-12-24T20:30Z', count: 3 })).toEqual([
      '2026-12-24T21:00Z',
      '2026-12-25T06:00Z',
      '2026-12-25T07:00Z',
    ]);
  });

  it('excludes until midnight', () => {
    const schedule = '0 * * * *';
    expect(next({ times: ['13:00-24:00'] }, { schedule, count: 2 })).toEqual([
      '2026-12-25T00:00Z',
      '2026-12-25T01:00Z',
    ]);
  });

  it('excludes what cron expressions match: minutes, or seconds', () => {
    const from = '2026-12-24T11:58:59Z';
    expect(
      next({ cron: ['* 12-23 24 12 *', '0 0 25 12 *'] }, { schedule: '* * * * *', from, count: 2 }),
    ).toEqual(['2026-12-24T11:59Z', '2026-12-25T00:01Z']);
    expect(next({ cron: ['0 59 11 * * *'] }, { schedule: '* * * * * *', from, count: 1 })).toEqual([
      '2026-12-24T11:59:01.000Z',
    ]);
  });

  it('is read on the clocks of the schedule, or on its own', () => {
    const seoul = { schedule: '0 * * * *', timeZone: 'Asia/Seoul', from: '2026-12-24T14:30Z', count: 1 };
    expect(next({ dates: ['2026-12-25'] }, seoul)).toEqual(['2026-12-25T15:00Z']);
    expect(next({ dates: ['2026-12-25'], timeZone: 'UTC' }, { ...seoul, from: '2026-12-24T23:30Z' })).toEqual(
      ['2026-12-26T00:00Z'],
    );
  });

  it('combines with others: what any of them excludes is excluded', () => {
    const holidays = { dates: ['12-25', '12-26'] };
    const weekends: CalendarRules = { weekdays: ['saturday', 'sunday'] };
    expect(next([holidays, weekends], { count: 2 })).toEqual(['2026-12-28T09:00Z', '2026-12-29T09:00Z']);
  });

  it('touches intervals too', () => {
    expect(
      next({ times: ['12:00-13:00'] }, { schedule: 'every 40m', from: '2026-12-24T11:30Z', count: 2 }),
    ).toEqual(['2026-12-24T13:20Z', '2026-12-24T14:00Z']);
  });

  it('excludes in the hour that the clocks skip or repeat what its walls show', () => {
    const zone = { timeZone: 'America/New_York', count: 2 };
    expect(
      next({ times: ['01:00-02:00'] }, { ...zone, schedule: '*/30 * * * *', from: '2026-11-01T04:45Z' }),
    ).toEqual(['2026-11-01T07:00Z', '2026-11-01T07:30Z']);
    expect(
      next(
        { times: ['02:00-03:00'] },
        { ...zone, schedule: '30 2 * * *', from: '2026-03-07T12:00Z', count: 1 },
      ),
    ).toEqual(['2026-03-08T07:00Z']);
  });

  it.each<CalendarRules>([
    { weekdays: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] },
    { cron: ['* * * * *'] },
    { times: ['00:00-24:00'] },
  ])('that excludes everything leaves nothing, and says so soon: %j', (rules) => {
    const start = performance.now();
    expect(next(rules, { schedule: '* * * * * *' })).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each<[CalendarRules, string]>([
    [{ dates: ['2026-02-30'] }, "'2026-02-30'"],
    [{ dates: ['25.12.2026'] }, 'it is no date'],
    [{ dates: ['13-01'] }, 'it is no date'],
    [{ weekdays: ['Samstag' as 'saturday'] }, 'sunday, monday'],
    [{ times: ['12:00'] }, 'it is no time of day'],
    [{ times: ['12:00-12:00'] }, 'it is no time of day'],
    [{ times: ['12:60-13:00'] }, 'it is no time of day'],
    [{ times: ['24:00-25:00'] }, 'it is no time of day'],
    [{ cron: ['* * *'] }, 'number of fields is 3'],
    [{ timeZone: 'Mars/Olympus' }, 'time zone is unknown'],
  ])('refuses %j', (rules, problem) => {
    expect(() => next(rules)).toThrow(InvalidScheduleError);
    expect(() => next(rules)).toThrow(problem);
  });

  it('29 February may be excluded', () => {
    expect(next({ dates: ['02-29'] }, { schedule: '0 9 29 2 *' })).toEqual([]);
  });
});
