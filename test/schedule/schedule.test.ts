import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { parseSchedule } from '../../src/schedule/schedule.js';

/** An expression, an instant to start from, and the occurrences that follow. Offsets tell the two passes apart. */
type Row = readonly [expression: string, from: string, ...occurrences: string[]];

describe('Schedule', () => {
  it('keeps what it was made of', () => {
    expect(parseSchedule(' @daily', 'Asia/Seoul')).toMatchObject({
      expression: ' @daily',
      timeZone: 'Asia/Seoul',
    });
  });

  it('reads the clocks of UTC when no time zone is given', () => {
    expect(parseSchedule('@daily').timeZone).toBe('UTC');
  });

  it('refuses an unknown time zone', () => {
    expect(() => parseSchedule('@daily', 'Mars/Olympus')).toThrow(InvalidScheduleError);
  });

  it('refuses to start from an invalid date', () => {
    expect(() => parseSchedule('@daily').next(new Date(Number.NaN))).toThrow(InvalidScheduleError);
  });

  it('has no next occurrence when it never fires', () => {
    expect(parseSchedule('0 0 30 2 *', 'Europe/Paris').next(new Date())).toBeUndefined();
  });

  it('gives up within 100 ms on an interval whose every time is skipped', () => {
    const schedule = parseSchedule('* 2 * 3 SUN#2', 'America/New_York');
    const start = performance.now();
    expect(schedule.next(new Date('2026-01-01T00:00:00Z'))).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(100);
  });

  it.each([8.64e15, 8.64e15 - 1, -8.64e15])('survives the ends of time: %d', (instant) => {
    const next = parseSchedule('* * * * *', 'Europe/Paris').next(new Date(instant));
    expect(next === undefined || next.getTime() > instant).toBe(true);
  });

  it('takes well below a millisecond for the next occurrence', () => {
    const schedule = parseSchedule('30 2 * * *', 'America/New_York');
    let next: Date | undefined = new Date('2026-01-01T00:00:00Z');
    const start = performance.now();
    for (let i = 0; i < 1000 && next; i++) next = schedule.next(next);
    expect((performance.now() - start) / 1000).toBeLessThan(0.5);
  });
});

describe.each<{ name: string; timeZone: string; rows: Row[] }>([
  {
    name: 'New York in spring, where 02:00 to 03:00 is skipped',
    timeZone: 'America/New_York',
    rows: [
      ['30 2 * * *', '2026-03-07T12:00-05:00', '2026-03-08T03:00-04:00', '2026-03-09T02:30-04:00'],
      ['0 2 * * *', '2026-03-08T01:59-05:00', '2026-03-08T03:00-04:00', '2026-03-09T02:00-04:00'],
      ['0,15,30 2 * * *', '2026-03-08T00:00-05:00', '2026-03-08T03:00-04:00', '2026-03-09T02:00-04:00'],
      ['0,30 2,3 * * *', '2026-03-08T00:00-05:00', '2026-03-08T03:00-04:00', '2026-03-08T03:30-04:00'],
      ['15 30 2 * * *', '2026-03-08T00:00-05:00', '2026-03-08T03:00-04:00', '2026-03-09T02:30:15-04:00'],
      ['30 2 8 3 SUN', '2026-03-01T00:00-05:00', '2026-03-08T03:00-04:00'],
      ['30 2 * * SUN#2', '2026-03-01T00:00-05:00', '2026-03-08T03:00-04:00', '2026-04-12T02:30-04:00'],
      [
        '*/30 * * * *',
        '2026-03-08T01:15-05:00',
        '2026-03-08T01:30-05:00',
        '2026-03-08T03:00-04:00',
        '2026-03-08T03:30-04:00',
      ],
      ['30 * * * *', '2026-03-08T01:00-05:00', '2026-03-08T01:30-05:00', '2026-03-08T03:30-04:00'],
      ['0 */2 * * *', '2026-03-08T00:00-05:00', '2026-03-08T04:00-04:00', '2026-03-08T06:00-04:00'],
      ['*/20 2 * * *', '2026-03-08T00:00-05:00', '2026-03-09T02:00-04:00', '2026-03-09T02:20-04:00'],
      [
        '@every_second',
        '2026-03-08T01:59:58-05:00',
        '2026-03-08T01:59:59-05:00',
        '2026-03-08T03:00:00-04:00',
        '2026-03-08T03:00:01-04:00',
      ],
    ],
  },
  {
    name: 'New York in autumn, where 01:00 to 02:00 is repeated',
    timeZone: 'America/New_York',
    rows: [
      ['30 1 * * *', '2026-11-01T00:00-04:00', '2026-11-01T01:30-04:00', '2026-11-02T01:30-05:00'],
      ['30 1 * * *', '2026-11-01T01:30-04:00', '2026-11-02T01:30-05:00'],
      ['30 1 * * *', '2026-11-01T01:00-05:00', '2026-11-02T01:30-05:00'],
      ['0,45 1,2 * * *', '2026-11-01T01:10-04:00', '2026-11-01T01:45-04:00', '2026-11-01T02:00-05:00'],
      ['0,45 1,2 * * *', '2026-11-01T01:10-05:00', '2026-11-01T02:00-05:00', '2026-11-01T02:45-05:00'],
      ['0 2 * * *', '2026-11-01T01:59-04:00', '2026-11-01T02:00-05:00', '2026-11-02T02:00-05:00'],
      [
        '*/30 * * * *',
        '2026-11-01T00:45-04:00',
        '2026-11-01T01:00-04:00',
        '2026-11-01T01:30-04:00',
        '2026-11-01T01:00-05:00',
        '2026-11-01T01:30-05:00',
        '2026-11-01T02:00-05:00',
      ],
      [
        '30 * * * *',
        '2026-11-01T00:45-04:00',
        '2026-11-01T01:30-04:00',
        '2026-11-01T01:30-05:00',
        '2026-11-01T02:30-05:00',
      ],
      [
        '0-5/5 1 * * *',
        '2026-11-01T01:03-04:00',
        '2026-11-01T01:05-04:00',
        '2026-11-01T01:00-05:00',
        '2026-11-01T01:05-05:00',
        '2026-11-02T01:00-05:00',
      ],
      ['0 */2 * * *', '2026-11-01T00:00-04:00', '2026-11-01T02:00-05:00', '2026-11-01T04:00-05:00'],
      [
        '@every_second',
        '2026-11-01T01:59:58-04:00',
        '2026-11-01T01:59:59-04:00',
        '2026-11-01T01:00:00-05:00',
        '2026-11-01T01:00:01-05:00',
      ],
    ],
  },
  {
    name: 'Lord Howe, where the clocks change by half an hour',
    timeZone: 'Australia/Lord_Howe',
    rows: [
      ['15 2 * * *', '2024-10-05T12:00+10:30', '2024-10-06T02:30+11:00', '2024-10-07T02:15+11:00'],
      ['*/15 * * * *', '2024-10-06T01:40+10:30', '2024-10-06T01:45+10:30', '2024-10-06T02:30+11:00'],
      ['45 1 * * *', '2024-04-06T12:00+11:00', '2024-04-07T01:45+11:00', '2024-04-08T01:45+10:30'],
      [
        '*/15 * * * *',
        '2024-04-07T01:20+11:00',
        '2024-04-07T01:30+11:00',
        '2024-04-07T01:45+11:00',
        '2024-04-07T01:30+10:30',
        '2024-04-07T01:45+10:30',
        '2024-04-07T02:00+10:30',
      ],
    ],
  },
  {
    name: 'Sao Paulo, where the clocks change at midnight',
    timeZone: 'America/Sao_Paulo',
    rows: [
      ['@daily', '2018-11-03T12:00-03:00', '2018-11-04T01:00-02:00', '2018-11-05T00:00-02:00'],
      ['0 0 4 11 *', '2018-11-03T12:00-03:00', '2018-11-04T01:00-02:00'],
      ['@hourly', '2018-11-03T22:30-03:00', '2018-11-03T23:00-03:00', '2018-11-04T01:00-02:00'],
      ['@daily', '2018-02-16T12:00-02:00', '2018-02-17T00:00-02:00', '2018-02-18T00:00-03:00'],
      ['30 23 * * *', '2018-02-17T12:00-02:00', '2018-02-17T23:30-02:00', '2018-02-18T23:30-03:00'],
      [
        '@hourly',
        '2018-02-17T22:30-02:00',
        '2018-02-17T23:00-02:00',
        '2018-02-17T23:00-03:00',
        '2018-02-18T00:00-03:00',
      ],
    ],
  },
  {
    name: 'Beirut, where the clocks change at midnight',
    timeZone: 'Asia/Beirut',
    rows: [
      ['@daily', '2024-03-30T12:00+02:00', '2024-03-31T01:00+03:00', '2024-04-01T00:00+03:00'],
      ['@daily', '2024-10-26T12:00+03:00', '2024-10-27T00:00+02:00', '2024-10-28T00:00+02:00'],
      ['30 23 * * *', '2024-10-26T12:00+03:00', '2024-10-26T23:30+03:00', '2024-10-27T23:30+02:00'],
      [
        '*/30 23 * * *',
        '2024-10-26T23:10+03:00',
        '2024-10-26T23:30+03:00',
        '2024-10-26T23:00+02:00',
        '2024-10-26T23:30+02:00',
        '2024-10-27T23:00+02:00',
      ],
    ],
  },
  {
    name: 'Apia, which skipped 30 December 2011',
    timeZone: 'Pacific/Apia',
    rows: [
      [
        '0 12 * * *',
        '2011-12-29T00:00-10:00',
        '2011-12-29T12:00-10:00',
        '2011-12-31T00:00+14:00',
        '2011-12-31T12:00+14:00',
      ],
      ['0 12 30 12 *', '2011-12-29T00:00-10:00', '2011-12-31T00:00+14:00', '2012-12-30T12:00+14:00'],
      ['0 0,6,12,18 * * *', '2011-12-29T20:00-10:00', '2011-12-31T00:00+14:00', '2011-12-31T06:00+14:00'],
      ['0 */6 * * *', '2011-12-29T17:00-10:00', '2011-12-29T18:00-10:00', '2011-12-31T00:00+14:00'],
    ],
  },
  {
    name: 'Dublin, whose winter time is the exception in the time zone data',
    timeZone: 'Europe/Dublin',
    rows: [
      ['30 1 * * *', '2026-03-28T12:00Z', '2026-03-29T02:00+01:00', '2026-03-30T01:30+01:00'],
      ['30 1 * * *', '2026-10-24T12:00+01:00', '2026-10-25T01:30+01:00', '2026-10-26T01:30Z'],
      ['30 * * * *', '2026-10-25T01:00+01:00', '2026-10-25T01:30+01:00', '2026-10-25T01:30Z'],
    ],
  },
])('in $name', ({ timeZone, rows }) => {
  it.each(rows)('%s after %s fires at %s', (expression, from, ...occurrences) => {
    const schedule = parseSchedule(expression, timeZone);
    let after: Date | undefined = new Date(from);
    for (const occurrence of occurrences) {
      after = after && schedule.next(after);
      expect(after).toEqual(new Date(occurrence));
    }
  });
});
