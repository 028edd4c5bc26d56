import { describe, expect, it } from 'vitest';
import { InvalidDurationError, InvalidScheduleError } from '../../src/errors.js';
import { at } from '../../src/schedule/at.js';
import { every } from '../../src/schedule/every.js';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';

const from = new Date('2026-03-08T06:59:10Z');

function next(schedule: string, count = 3): string[] {
  return nextOccurrences(schedule, { from, count }).map((date) => date.toISOString());
}

describe('every', () => {
  it.each([
    ['40s', 'every 40s'],
    [40_000, 'every 40s'],
    ['1h30m', 'every 1h30m'],
    ['36h', 'every 1d12h'],
    [1500, 'every 1s500ms'],
  ])('writes %j as %j', (interval, text) => {
    expect(every(interval)).toBe(text);
  });

  it('lies on the round times of UTC, so that deploying again changes nothing', () => {
    expect(next(every('40s'))).toEqual([
      '2026-03-08T06:59:20.000Z',
      '2026-03-08T07:00:00.000Z',
      '2026-03-08T07:00:40.000Z',
    ]);
  });

  it('goes on through a change of the clocks', () => {
    const options = { timeZone: 'America/New_York', from, count: 2 };
    expect(nextOccurrences(every('1h'), options).map((date) => date.toISOString())).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-08T08:00:00.000Z',
    ]);
  });

  it('starts at an instant, and is counted from there', () => {
    const startAt = new Date('2026-03-10T00:00:07Z');
    expect(next(every('36h', { startAt }))).toEqual([
      '2026-03-10T00:00:07.000Z',
      '2026-03-11T12:00:07.000Z',
      '2026-03-13T00:00:07.000Z',
    ]);
    expect(next(every('36h', { startAt: new Date('2026-03-01T00:00:07Z') }), 1)).toEqual([
      '2026-03-08T12:00:07.000Z',
    ]);
  });

  it('is counted from an anchor, in both directions', () => {
    const anchor = new Date('2026-03-10T00:00:07Z');
    expect(next(every('1h', { anchor }), 1)).toEqual(['2026-03-08T07:00:07.000Z']);
    expect(next(every('1h', { anchor, startAt: new Date('2026-03-09T00:00:00Z') }), 1)).toEqual([
      '2026-03-09T00:00:07.000Z',
    ]);
  });

  it('may be written by hand', () => {
    expect(next('Every 1 hour', 1)).toEqual(['2026-03-08T07:00:00.000Z']);
    expect(next('every 5m from 2026-03-10T01:00+01:00', 1)).toEqual(['2026-03-10T00:00:00.000Z']);
  });

  it.each([0, 999, '0s', '500ms'])('refuses an interval of %j', (interval) => {
    expect(() => every(interval)).toThrow(InvalidScheduleError);
    expect(() => every(interval)).toThrow('1 second or more');
  });

  it.each(['5', 'soon', -1, Number.NaN, '200 years'])('refuses %j, which is no interval', (interval) => {
    expect(() => every(interval)).toThrow(InvalidDurationError);
  });

  it.each([
    'every',
    'every 5m from tomorrow',
    'every 5m from 2026-03-10',
    'every 5m anchor 2026-03-10T01:00',
  ])('refuses the text %j', (text) => {
    expect(() => next(text)).toThrow(InvalidScheduleError);
  });

  it('refuses an invalid date', () => {
    expect(() => every('5m', { startAt: new Date('soon') })).toThrow(InvalidScheduleError);
  });
});

describe('at', () => {
  const [a, b, c] = ['2026-03-09T08:00:00.000Z', '2026-03-10T08:00:00.000Z', '2026-03-01T08:00:00.000Z'];

  it('fires at each of its instants that has not passed, in their order, once', () => {
    expect(next(at([b, a, c, a].map((text) => new Date(text))), 5)).toEqual([a, b]);
  });

  it('may be written by hand', () => {
    expect(next('at 2026-03-09T09:00+01:00, 2026-03-10T08:00Z', 5)).toEqual([a, b]);
  });

  it('refuses no instant, too many, and what is none', () => {
    expect(() => at([])).toThrow('1 to 1000');
    expect(() => at(Array.from({ length: 1001 }, () => from))).toThrow('1 to 1000');
    expect(() => at([new Date('soon')])).toThrow(InvalidScheduleError);
    expect(() => next('at noon')).toThrow("'noon' is not an instant");
    expect(() => next('at')).toThrow(InvalidScheduleError);
  });
});
