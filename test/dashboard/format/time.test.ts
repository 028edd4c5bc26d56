import { expect, test } from 'vitest';
import { formatDuration, timeView } from '../../../src/dashboard/format/time.js';

const now = new Date('2026-11-20T06:14:17.400Z');

test('an instant is shown in UTC and seen from now', () => {
  expect(timeView(new Date('2026-11-20T06:11:17Z'), now)).toEqual({
    iso: '2026-11-20T06:11:17.000Z',
    utc: '2026-11-20 06:11:17 UTC',
    relative: '3 min ago',
  });
});

test.each([
  [0, 'now'],
  [400, 'now'],
  [-1000, '1 s ago'],
  [1000, 'in 1 s'],
  [-59_000, '59 s ago'],
  [60_000, 'in 1 min'],
  [-3_599_000, '59 min ago'],
  [-3_600_000, '1 h ago'],
  [86_400_000, 'in 1 d'],
  [-40 * 86_400_000, '40 d ago'],
  [800 * 86_400_000, 'in 2 y'],
])('an instant %i ms from now is %s', (ms, words) => {
  expect(timeView(new Date(now.getTime() + ms), now).relative).toBe(words);
});

test.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [842.4, '842 ms'],
  [999.7, '1.0 s'],
  [3400, '3.4 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [7_384_000, '2 h 3 min'],
  [100 * 3_600_000, '4 d 4 h'],
])('a duration of %d ms is %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});
