import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';
import { parseSchedule } from '../../src/schedule/schedule.js';

describe('nextOccurrences', () => {
  it('gives the example of its documentation', () => {
    const from = new Date('2026-03-07T12:00:00Z');
    expect(nextOccurrences('30 2 * * *', { timeZone: 'America/New_York', from, count: 2 })).toEqual([
      new Date('2026-03-08T07:00:00Z'),
      new Date('2026-03-09T06:30:00Z'),
    ]);
  });

  it('equals repeated next', () => {
    const schedule = parseSchedule('*/20 1-3 * * *', { timeZone: 'Europe/Paris' });
    const from = new Date('2026-10-24T12:00:00Z');
    let after: Date | undefined = from;
    for (const occurrence of nextOccurrences('*/20 1-3 * * *', {
      timeZone: 'Europe/Paris',
      from,
      count: 30,
    })) {
      after = after && schedule.next(after);
      expect(occurrence).toEqual(after);
    }
  });

  it('reads the clocks of UTC when no time zone is given', () => {
    const from = new Date('2026-01-01T00:00:00Z');
    expect(nextOccurrences('0 9 * * *', { from, count: 1 })).toEqual([new Date('2026-01-01T09:00:00Z')]);
  });

  it.each(['0 0 30 2 *', '0 0 1-7 * MON#2'])('is empty for %s, which never fires', (expression) => {
    expect(nextOccurrences(expression, { from: new Date(0), count: 5 })).toEqual([]);
  });

  it('is empty for a count of 0', () => {
    expect(nextOccurrences('* * * * *', { from: new Date(0), count: 0 })).toEqual([]);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a count of %s', (count) => {
    const ask = () => nextOccurrences('* * * * *', { from: new Date(0), count });
    expect(ask).toThrow(InvalidScheduleError);
    expect(ask).toThrow(new RegExp(`${count}.*whole number`));
  });

  it('refuses an invalid date to start from', () => {
    const from = new Date('soon');
    expect(() => nextOccurrences('* * * * *', { from, count: 1 })).toThrow(InvalidScheduleError);
  });
});
