import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { findTimeZone } from '../../src/schedule/time-zone.js';

describe('findTimeZone', () => {
  it.each(['', 'Mars/Olympus', 'New York', 'UTC+1:00:00:00'])(
    "refuses '%s', saying what is allowed",
    (name) => {
      expect(() => findTimeZone(name)).toThrow(InvalidScheduleError);
      expect(() => findTimeZone(name)).toThrow(/time zone is unknown.*IANA/);
      expect(() => findTimeZone(name)).toThrow(`'${name}'`);
    },
  );
});

describe('TimeZone.wallTimeAt', () => {
  it.each([
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00'],
    ['Asia/Seoul', '2026-01-01T00:00:00Z', '2026-01-01T09:00:00'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T05:45:00'],
    ['America/New_York', '2026-01-01T00:00:00Z', '2025-12-31T19:00:00'],
    ['America/New_York', '2026-07-01T00:00:00Z', '2026-06-30T20:00:00'],
    ['Asia/Seoul', '1900-01-01T00:00:00Z', '1900-01-01T08:27:52'],
  ])('shows the clocks of %s at %s', (zone, instant, shown) => {
    expect(findTimeZone(zone).wallTimeAt(Date.parse(instant))).toBe(wall(shown));
  });
});

describe('TimeZone.read', () => {
  it.each([
    ['UTC', '2026-03-08T02:30:00', '2026-03-08T02:30:00Z'],
    ['America/New_York', '2026-03-08T01:59:59', '2026-03-08T01:59:59-05:00'],
    ['America/New_York', '2026-03-08T03:00:00', '2026-03-08T03:00:00-04:00'],
    ['America/New_York', '2026-11-01T00:59:59', '2026-11-01T00:59:59-04:00'],
    ['America/New_York', '2026-11-01T02:00:00', '2026-11-01T02:00:00-05:00'],
    ['Pacific/Apia', '2011-12-29T23:59:59', '2011-12-29T23:59:59-10:00'],
    ['Pacific/Apia', '2011-12-31T00:00:00', '2011-12-31T00:00:00+14:00'],
  ])('finds the one instant at which %s shows %s', (zone, shown, instant) => {
    expect(findTimeZone(zone).read(wall(shown))).toEqual({ first: Date.parse(instant) });
  });

  it.each([
    ['America/New_York', '2026-03-08T02:00:00', '2026-03-08T03:00:00-04:00'],
    ['America/New_York', '2026-03-08T02:59:59', '2026-03-08T03:00:00-04:00'],
    ['Australia/Lord_Howe', '2024-10-06T02:15:00', '2024-10-06T02:30:00+11:00'],
    ['America/Sao_Paulo', '2018-11-04T00:30:00', '2018-11-04T01:00:00-02:00'],
    ['Pacific/Apia', '2011-12-30T00:00:00', '2011-12-31T00:00:00+14:00'],
    ['Pacific/Apia', '2011-12-30T23:59:59', '2011-12-31T00:00:00+14:00'],
  ])('takes the end of the gap where %s skips %s', (zone, shown, change) => {
    expect(findTimeZone(zone).read(wall(shown))).toEqual({ first: Date.parse(change) });
  });

  it.each([
    ['America/New_York', '2026-11-01T01:00:00-04:00', '2026-11-01T01:00:00-05:00', '2026-11-01T02:00:00'],
    ['America/New_York', '2026-11-01T01:59:59-04:00', '2026-11-01T01:00:00-05:00', '2026-11-01T02:00:00'],
    ['Australia/Lord_Howe', '2024-04-07T01:45:00+11:00', '2024-04-07T01:30:00+10:30', '2024-04-07T02:00:00'],
    ['America/Sao_Paulo', '2018-02-17T23:30:00-02:00', '2018-02-17T23:00:00-03:00', '2018-02-18T00:00:00'],
    ['Antarctica/Troll', '2024-10-27T02:00:00+02:00', '2024-10-27T01:00:00+00:00', '2024-10-27T03:00:00'],
  ])('finds that %s shows a time at %s and again in the stretch from %s', (zone, first, ...[change, end]) => {
    expect(findTimeZone(zone).read(wall(first.slice(0, 19)))).toEqual({
      first: Date.parse(first),
      repeated: { change: Date.parse(change), start: wall(change.slice(0, 19)), end: wall(end) },
    });
  });
});

function wall(text: string): number {
  return Date.parse(`${text}Z`);
}
