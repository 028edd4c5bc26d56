import { english as t } from '../english.js';
import { formatNumber } from './count.js';
import { formatInstant } from './time.js';

/** What ended in a span of time. */
interface Bucket {
  readonly at: Date;
  readonly succeeded: number;
  readonly failed: number;
  readonly dead: number;
}

export interface ChartFacts {
  readonly id: string;
  readonly title: string;
  readonly buckets: readonly Bucket[];
  /** How the times under the bars are written: the script writes them in the reader's zone. */
  readonly tickStyle: 'time' | 'day';
  readonly periods?: readonly Period[];
}

/** Another length of time that may be chosen. */
interface Period {
  readonly label: string;
  readonly href: string;
  readonly isChosen: boolean;
}

const WIDTH = 600;
const HEIGHT = 120;
const TICKS = 5;
const GRID_LINES = 4;
/** From the bottom of a bar to its top. */
const series = ['succeeded', 'failed', 'dead'] as const;

/** Bars that are drawn by the server, and the same as a table: the model of views/partials/chart.ejs. */
export function chartView({ id, title, buckets, tickStyle, periods = [] }: ChartFacts): object {
  const top = niceTop(Math.max(0, ...buckets.map(totalOf)));
  const legend = legendOf(buckets);
  const totals = legend.map(({ label, total }) => `${label} ${total}`).join(', ');
  return {
    id,
    title,
    periods,
    legend,
    width: WIDTH,
    height: HEIGHT,
    top: formatNumber(top),
    summary: t.home.chartSummary(title, totals),
    grid: Array.from({ length: GRID_LINES - 1 }, (_, line) => ({ y: (HEIGHT / GRID_LINES) * (line + 1) })),
    bars: buckets.flatMap((bucket, place) => barsOf(bucket, { place, count: buckets.length, top })),
    ticks: ticksOf(buckets, tickStyle),
    rows: buckets.filter((bucket) => totalOf(bucket) > 0).map(rowOf),
  };
}

interface Scale {
  readonly place: number;
  readonly count: number;
  readonly top: number;
}

function barsOf(bucket: Bucket, { place, count, top }: Scale): readonly object[] {
  const step = WIDTH / count;
  const title = t.home.barTitle(formatInstant(bucket.at), figuresOf(bucket));
  let y = HEIGHT;
  return series.flatMap((state) => {
    const height = (bucket[state] / top) * HEIGHT;
    if (height === 0) return [];
    y -= height;
    return [
      {
        state,
        title,
        x: rounded(place * step),
        y: rounded(y),
        width: rounded(step * 0.8),
        height: rounded(height),
      },
    ];
  });
}

function legendOf(buckets: readonly Bucket[]) {
  return series.map((state) => {
    const total = buckets.reduce((sum, bucket) => sum + bucket[state], 0);
    return { state, label: t.home.series[state], total: formatNumber(total) };
  });
}

function ticksOf(buckets: readonly Bucket[], style: ChartFacts['tickStyle']): readonly object[] {
  const places = Array.from({ length: TICKS }, (_, tick) =>
    Math.floor((tick * (buckets.length - 1)) / (TICKS - 1)),
  );
  return places.flatMap((place) => {
    const iso = buckets[place]?.at.toISOString();
    return iso === undefined
      ? []
      : [{ iso, style, text: style === 'day' ? iso.slice(5, 10) : iso.slice(11, 16) }];
  });
}

function rowOf(bucket: Bucket): object {
  return {
    iso: bucket.at.toISOString(),
    at: formatInstant(bucket.at),
    values: series.map((state) => formatNumber(bucket[state])),
  };
}

function figuresOf(bucket: Bucket): string {
  const told = series.filter((state) => bucket[state] > 0);
  return told.map((state) => `${t.home.series[state]} ${formatNumber(bucket[state])}`).join(', ');
}

function totalOf(bucket: Bucket): number {
  return series.reduce((sum, state) => sum + bucket[state], 0);
}

/** The next of 1, 2, 5, 10, 20, 50, …: so that the scale stays the same for a while. */
function niceTop(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, largest)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= largest) ?? 10;
  return factor * power;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
