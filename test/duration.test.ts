import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidDurationError } from '../src/errors.js';
import { milliseconds } from '../src/duration.js';

test.each<[number | string, number]>([
  [0, 0],
  [1500, 1500],
  ['250ms', 250],
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1.5 hours', 5_400_000],
  ['2 days', 172_800_000],
  ['1w 2d', 777_600_000],
  [' 5 Minutes ', 300_000],
])('%j is %d ms', (duration, ms) => {
  expect(milliseconds(duration)).toBe(ms);
});

test.each([
  ['5'],
  [''],
  ['m'],
  ['5 parsecs'],
  ['1h30'],
  ['-5m'],
  ['5m!'],
  [-1],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
])('%j is refused with what is allowed', (duration) => {
  expect(() => milliseconds(duration)).toThrow(InvalidDurationError);
  expect(() => milliseconds(duration)).toThrow(/'1h30m'/);
});

test('whole numbers of units add up', () => {
  const whole = fc.nat({ max: 999 });
  fc.assert(
    fc.property(whole, whole, whole, (h, m, s) => {
      expect(milliseconds(`${h}h${m}m${s}s`)).toBe(((h * 60 + m) * 60 + s) * 1000);
    }),
  );
});
