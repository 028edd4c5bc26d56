import type { Measure } from './plan.js';

export interface Result {
  readonly measure: Measure;
  /** The figures of all rounds, by system. */
  readonly figures: ReadonlyMap<string, readonly number[]>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** A Markdown table: the median of each system with its spread, and the ratio of the first to the second. */
export function table(results: readonly Result[], systems: readonly string[]): string {
  const head = ['', ...systems, `${systems[0]} : ${systems[1]}`];
  const rows = results.map(({ measure, figures }) => [
    `${measure.title} (${measure.unit})`,
    ...systems.map((system) => cell(figures.get(system) ?? [])),
    ratio(systems.map((system) => median(figures.get(system) ?? []))),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(values: readonly number[]): string {
  if (values.length === 0) return 'not measured';
  const spread = values.length > 1 ? ` (${format(Math.min(...values))}–${format(Math.max(...values))})` : '';
  return `${format(median(values))}${spread}`;
}

function ratio([first = Number.NaN, second = Number.NaN]: readonly number[]): string {
  return Number.isFinite(first / second) ? `${(first / second).toFixed(2)} x` : '';
}

function format(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value < 1 ? value.toPrecision(2) : value.toFixed(value < 10 ? 2 : 1);
}
