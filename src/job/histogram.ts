/**
 * How long things took, counted in buckets with fixed bounds, so that the counts of all servers and of any period add up. The
 * bounds lie on a logarithmic scale: what took a second and what took an hour are told equally well.
 */

const DAY_MS = 86_400_000;

/** The upper bound of each bucket but the last, in milliseconds: 1, 2, 5, 10, … and a day. Beyond it all is one. */
export const bounds: readonly number[] = [
  ...Array.from({ length: 8 }, (_, place) => [1, 2, 5].map((digit) => digit * 10 ** place)).flat(),
  DAY_MS,
];

/** How many fell into each bucket. */
export type Histogram = readonly number[];

export const BUCKETS = bounds.length + 1;

export function emptyHistogram(): number[] {
  return Array.from({ length: BUCKETS }, () => 0);
}

/** The bucket of a time: it is over the bound before, and not over its own. What clocks make negative is in the first. */
export function bucketOf(ms: number): number {
  let bucket = 0;
  // Most times are short: from the start, a few steps find them.
  while (bucket < bounds.length && ms > (bounds[bucket] ?? 0)) bucket += 1;
  return bucket;
}

/** The two together. */
export function merged(left: Histogram, right: Histogram): number[] {
  return left.map((count, bucket) => count + (right[bucket] ?? 0));
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** In milliseconds, as `percentile`; undefined for an empty histogram. */
export function percentiles(histogram: Histogram): Percentiles | undefined {
  if (histogram.every((count) => count === 0)) return undefined;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => percentile(histogram, part)) as [
    number,
    number,
    number,
  ];
  return { p50, p95, p99 };
}

/**
 * The time, in milliseconds, that `part` of all were not over. Interpolated within its bucket as if the times there were spread
 * evenly between the bounds, so it is off by the bucket's width at most: of what is told as 3 s, the truth lies between
 * 2 and 5 s. What is over a day is told as a day.
 */
function percentile(histogram: Histogram, part: number): number {
  const wanted = part * histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count > 0 && below + count >= wanted) {
      const from = bounds[bucket - 1] ?? 0;
      const to = bounds[bucket] ?? from;
      return from + ((wanted - below) / count) * (to - from);
    }
    below += count;
  }
  return DAY_MS;
}
