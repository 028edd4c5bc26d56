import type { Timing } from './ask-all.js';

/** What p95 is not to be over. */
const LIMIT_MS = 200;

/** A line each: the slowest first. */
export function table(timings: readonly Timing[]): string {
  const rows = timings
    .map(({ title, ms }) => ({
      title,
      p50: percentile(ms, 0.5),
      p95: percentile(ms, 0.95),
      max: Math.max(...ms),
    }))
    .toSorted((left, right) => right.p95 - left.p95);
  const lines = rows.map(
    ({ title, p50, p95, max }) =>
      `${[p50, p95, max].map(cell).join('')}  ${p95 > LIMIT_MS ? '! ' : ''}${title}`,
  );
  const slow = rows.filter(({ p95 }) => p95 > LIMIT_MS).length;
  const all = timings.flatMap(({ ms }) => ms);
  return [
    `${['p50', 'p95', 'max'].map((head) => head.padStart(8)).join('')}  milliseconds`,
    ...lines,
    `${[percentile(all, 0.5), percentile(all, 0.95), Math.max(...all)].map(cell).join('')}  all ${all.length} requests`,
    `${slow} of ${rows.length} pages and filters have a p95 over ${LIMIT_MS} ms`,
  ].join('\n');
}

function cell(ms: number): string {
  return ms.toFixed(ms < 10 ? 1 : 0).padStart(8);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
