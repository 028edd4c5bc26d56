import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';

const MINUTE = 60_000;
const from = new Date('2026-01-01T00:00:00Z');
const ids = Array.from({ length: 600 }, (_, n) => `report-${n}`);

function minutes(expression: string, id: string, count: number): number[] {
  return nextOccurrences(expression, { id, from, count }).map((date) => date.getUTCMinutes());
}

describe('H', () => {
  it('is one value of its field, every time', () => {
    const [first, ...others] = minutes('H * * * *', 'report', 24);
    expect(new Set(others)).toEqual(new Set([first]));
  });

  it('is the value that it was in earlier releases', () => {
    const [next] = nextOccurrences('H H H * *', { id: 'report', from, count: 1 });
    expect(next).toEqual(new Date('2026-01-14T14:39:00Z'));
  });

  it('spreads ids over all values', () => {
    const drawn = ids.flatMap((id) => minutes('H * * * *', id, 1));
    expect(new Set(drawn).size).toBe(60);
  });

  it('draws each field for itself', () => {
    const alike = ids.filter((id) => {
      const [next = from] = nextOccurrences('H(0-23) H * * *', { id, from, count: 1 });
      return next.getUTCMinutes() === next.getUTCHours();
    });
    expect(alike.length).toBeLessThan(ids.length / 10);
  });

  it('stays in the range that it is given', () => {
    const drawn = ids.flatMap((id) => minutes('H(10-19) * * * *', id, 1));
    expect(new Set(drawn)).toEqual(new Set([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]));
  });

  it('takes every n-th value from a first one', () => {
    for (const id of ids.slice(0, 50)) {
      const [a = 0, b = 0, c = 0, d = 0] = minutes('H/15 * * * *', id, 4).toSorted((x, y) => x - y);
      expect(a).toBeLessThan(15);
      expect([b, c, d]).toEqual([a + 15, a + 30, a + 45]);
    }
  });

  it('takes every n-th value of a range', () => {
    for (const id of ids.slice(0, 50)) {
      const drawn = minutes('H(0-29)/10 * * * *', id, 3);
      expect(Math.max(...drawn) - Math.min(...drawn)).toBe(20);
      expect(Math.max(...drawn)).toBeLessThan(30);
    }
  });

  it('draws no day that a month may lack', () => {
    for (const id of ids.slice(0, 50)) {
      const runs = nextOccurrences('0 0 H * *', { id, from: new Date(from.getTime() - MINUTE), count: 12 });
      expect(new Set(runs.map((run) => run.getUTCMonth())).size).toBe(12);
    }
  });

  it('stands in lists', () => {
    const drawn = minutes('H(0-9),30 * * * *', 'report', 2);
    expect(drawn).toContain(30);
  });

  it.each([
    'H(5-1) * * * *',
    'H(0-60) * * * *',
    'H/0 * * * *',
    'H/61 * * * *',
    'H(0-9)/11 * * * *',
    'H5 * * * *',
    'H-5 * * * *',
  ])('refuses %s', (expression) => {
    expect(() => minutes(expression, 'report', 1)).toThrow(InvalidScheduleError);
  });
});
