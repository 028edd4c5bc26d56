import { describe, expect, it } from 'vitest';
import { InvalidScheduleError } from '../../src/errors.js';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';

const from = new Date('2026-01-01T00:00:00Z');
const day = (n: number) => new Date(Date.UTC(2026, 0, n));

describe('startAt and endAt', () => {
  it('let fire what is between them, themselves included', () => {
    const window = { startAt: day(3), endAt: day(5) };
    expect(nextOccurrences('@daily', { from, count: 9, ...window })).toEqual([day(3), day(4), day(5)]);
  });

  it('change nothing else', () => {
    const startAt = new Date('2026-01-03T00:00:01Z');
    expect(nextOccurrences('@daily', { from, count: 1, startAt })).toEqual([day(4)]);
    expect(nextOccurrences('@daily', { from: day(8), count: 1, startAt })).toEqual([day(9)]);
  });

  it('are refused the wrong way round', () => {
    const ask = () => nextOccurrences('@daily', { from, count: 1, startAt: day(5), endAt: day(4) });
    expect(ask).toThrow(InvalidScheduleError);
    expect(ask).toThrow('startAt is after endAt');
  });
});

describe('jitter', () => {
  const jittered = (id: string, count = 3) => nextOccurrences('@daily', { from, count, id, jitter: '30s' });

  it('delays every occurrence of an id by the same part of it', () => {
    const delays = jittered('report').map((date, n) => date.getTime() - day(n + 1).getTime());
    expect(new Set(delays).size).toBe(1);
    expect(delays[0]).toBeGreaterThanOrEqual(0);
    expect(delays[0]).toBeLessThanOrEqual(30_000);
  });

  it('spreads ids', () => {
    const delays = Array.from(
      { length: 300 },
      (_, n) => (jittered(`report-${n}`, 1)[0]?.getTime() ?? 0) % 86_400_000,
    );
    const [first, second, third] = [0, 10_000, 20_000].map((start) =>
      delays.filter((delay) => delay >= start && delay < start + 10_000),
    );
    for (const part of [first, second, third]) expect(part?.length).toBeGreaterThan(60);
  });

  it('is strictly after, wherever one starts', () => {
    const [first = from, second] = jittered('report', 2);
    const between = (ms: number) =>
      nextOccurrences('@daily', {
        from: new Date(first.getTime() + ms),
        count: 1,
        id: 'report',
        jitter: '30s',
      });
    expect(between(-1)).toEqual([first]);
    expect(between(0)).toEqual([second]);
  });

  it('needs an id', () => {
    expect(() => nextOccurrences('@daily', { from, count: 1, jitter: '30s' })).toThrow('Pass { id }');
  });
});
