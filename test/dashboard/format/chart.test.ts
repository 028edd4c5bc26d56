import { expect, test } from 'vitest';
import { chartView } from '../../../src/dashboard/format/chart.js';

interface Chart {
  readonly top: string;
  readonly bars: readonly {
    readonly state: string;
    readonly x: number;
    readonly y: number;
    readonly height: number;
  }[];
  readonly legend: readonly { readonly state: string; readonly total: string }[];
  readonly rows: readonly { readonly values: readonly string[] }[];
  readonly ticks: readonly { readonly text: string }[];
}

function chartOf(...ends: readonly (readonly [succeeded: number, failed: number, dead: number])[]): Chart {
  const buckets = ends.map(([succeeded, failed, dead], minute) => ({
    at: new Date(Date.UTC(2026, 10, 20, 6, minute)),
    succeeded,
    failed,
    dead,
  }));
  // The model of a view: what is looked at here is declared above.
  return chartView({ id: 'x', title: 'X', buckets, tickStyle: 'time' }) as Chart;
}

test('bars stand on each other and fill the height when they reach the top of the scale', () => {
  const { top, bars } = chartOf([50, 30, 20], [0, 0, 0]);
  expect(top).toBe('100');
  expect(bars.map(({ state, x, y, height }) => [state, x, y, height])).toEqual([
    ['succeeded', 0, 60, 60],
    ['failed', 0, 24, 36],
    ['dead', 0, 0, 24],
  ]);
});

test.each([
  [0, '1'],
  [1, '1'],
  [3, '5'],
  [11, '20'],
  [99, '100'],
  [4_000_000, '5,000,000'],
])('the scale of a chart whose highest bar is %d ends at %s', (highest, top) => {
  expect(chartOf([highest, 0, 0]).top).toBe(top);
});

test('the table has a row for each bar in which something ended, and the legend the sums', () => {
  const { rows, legend } = chartOf([1200, 0, 1], [0, 0, 0], [3, 4, 0]);
  expect(rows.map(({ values }) => values)).toEqual([
    ['1,200', '0', '1'],
    ['3', '4', '0'],
  ]);
  expect(legend.map(({ state, total }) => [state, total])).toEqual([
    ['succeeded', '1,203'],
    ['failed', '4'],
    ['dead', '1'],
  ]);
});

test('the first and the last bar bear their times', () => {
  const texts = chartOf(...Array.from({ length: 60 }, () => [0, 0, 0] as const)).ticks.map(
    ({ text }) => text,
  );
  expect([texts.at(0), texts.at(-1)]).toEqual(['06:00', '06:59']);
});
