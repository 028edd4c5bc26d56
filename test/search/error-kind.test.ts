import { expect, test } from 'vitest';
import { errorKind } from '../../src/search/error-kind.js';
import { fixedAt } from '../../src/search/fixed-search.js';
import { formatSearch } from '../../src/search/format-search.js';
import { searchOf } from './search-of.js';

test.each([
  ['Error: order 17 is missing', 'Error: order 9,112.50 is missing'],
  ['Error: no user "ann"', 'Error: no user "bob the builder"'],
  ["TypeError: cannot read 'a'", "TypeError: cannot read 'b c'"],
  [
    'Error: `x` of 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    'Error: `y` of 00000000-0000-0000-0000-000000000000',
  ],
  ['Error: commit deadbeef01 at 0xff', 'Error: commit 9e107d9d372b at 0x0'],
])('%s and %s are of a kind', (left, right) => {
  expect(errorKind(left)).toEqual(errorKind(right));
  expect(errorKind(left).length).toBeGreaterThan(1);
});

test.each([
  ["Error: I can't do that", "Error: I won't do that"],
  ['Error: effaced', 'Error: defaced'],
  ['TypeError: no', 'RangeError: no'],
])('%s and %s are not', (left, right) => {
  expect(errorKind(left)).not.toEqual(errorKind(right));
});

test('times ago become instants, so that the search means the same for ever', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  expect(formatSearch(fixedAt(searchOf('foo after:2h before:2026-11-21'), now))).toBe(
    'foo after:2026-11-20T10:00 before:2026-11-21',
  );
});
