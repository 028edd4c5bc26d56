import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounds, bucketOf, BUCKETS, emptyHistogram, merged, percentiles } from '../../src/job/histogram.js';

function histogramOf(times: readonly number[]): number[] {
  const histogram = emptyHistogram();
  for (const ms of times) histogram[bucketOf(ms)] = (histogram[bucketOf(ms)] ?? 0) + 1;
  return histogram;
}

test('bounds go in steps of 1, 2, 5 from a millisecond to a day', () => {
  expect(bounds.slice(0, 7)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(bounds.slice(-3)).toEqual([20_000_000, 50_000_000, 86_400_000]);
  expect(BUCKETS).toBe(26);
});

test('a time is in the bucket whose bounds it lies between, a bound in the one that it ends', () => {
  expect([-5, 0, 0.3, 1, 1.01, 2, 86_400_000, 86_400_001, 1e15].map(bucketOf)).toEqual([
    0, 0, 0, 0, 1, 1, 24, 25, 25,
  ]);
});

test('every time is in one bucket, and a longer one in none before', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2e8, noNaN: true }),
      fc.double({ min: 0, noNaN: true }),
      (ms, more) => {
        const bucket = bucketOf(ms);
        expect(bucket).toBeLessThan(BUCKETS);
        expect(ms).toBeLessThanOrEqual(bounds[bucket] ?? Number.POSITIVE_INFINITY);
        expect(ms).toBeGreaterThan(bucket === 0 ? -1 : (bounds[bucket - 1] ?? 0));
        expect(bucketOf(ms + more)).toBeGreaterThanOrEqual(bucket);
      },
    ),
  );
});

test('two histograms together are the histogram of all their times', () => {
  const [some, others] = [
    [1, 30, 30],
    [30, 70_000],
  ] as const;
  expect(merged(histogramOf(some), histogramOf(others))).toEqual(histogramOf([...some, ...others]));
});

test('percentiles are interpolated within a bucket, as if its times were spread evenly', () => {
  expect(percentiles(histogramOf(Array.from({ length: 100 }, () => 1500)))).toEqual({
    p50: 1500,
    p95: 1950,
    p99: 1990,
  });
});

test('percentiles are of all buckets together', () => {
  const times = [...Array.from({ length: 90 }, () => 0.5), ...Array.from({ length: 10 }, () => 15)];
  expect(percentiles(histogramOf(times))).toEqual({ p50: 50 / 90, p95: 15, p99: 19 });
});

test('a percentile lies in the bucket of the time that it stands for', () => {
  const times = fc.array(fc.double({ min: 0, max: 86_400_000, noNaN: true }), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(times, (times) => {
      const sorted = times.toSorted((left, right) => left - right);
      const told = percentiles(histogramOf(times));
      for (const [part, ms] of [
        [0.5, told?.p50],
        [0.95, told?.p95],
        [0.99, told?.p99],
      ] as const)
        expect(bucketOf(ms ?? -1)).toBe(bucketOf(sorted[Math.ceil(part * sorted.length) - 1] ?? -1));
    }),
  );
});

test('what took more than a day is told as a day, and nothing as nothing', () => {
  expect(percentiles(histogramOf([2e8, 3e8]))).toEqual({ p50: 86_400_000, p95: 86_400_000, p99: 86_400_000 });
  expect(percentiles(emptyHistogram())).toBeUndefined();
});
