import type { RandomCron } from './random-cron.js';

/** What the clocks of a zone show, instant by instant, as `Intl` says; `wall` is in milliseconds as if in UTC. */
export interface Tick {
  readonly instant: number;
  readonly wall: number;
}

export interface Stretch {
  readonly timeZone: string;
  readonly from: number;
  readonly until: number;
  readonly step: number;
}

export function watchClock({ timeZone, from, until, step }: Stretch): Tick[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const ticks: Tick[] = [];
  for (let instant = from; instant <= until; instant += step)
    ticks.push({ instant, wall: wallTime(format, instant) });
  return ticks;
}

function wallTime(format: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN;
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
}

/**
 * The occurrences by the rules, applied literally while the clock runs. The first tick is before the first occurrence, and
 * lies far enough from a change of the clocks that every wall time before it was shown once.
 */
export function occurrencesByTheRules(cron: RandomCron, ticks: readonly Tick[]): number[] {
  const occurrences: number[] = [];
  const shown = new Set<number>();
  const step = stepOf(ticks);
  let previous = ticks[0]?.wall ?? Number.NaN;
  for (const { instant, wall } of ticks.slice(1)) {
    const isDue = cron.matches(wall) && (cron.isInterval || !shown.has(wall));
    const isLate = wallTimesBetween(previous, wall, step).some((skipped) => cron.matches(skipped));
    if (isDue || isLate) occurrences.push(instant);
    shown.add(wall);
    previous = wall;
  }
  return occurrences;
}

function stepOf([first, second]: readonly Tick[]): number {
  return (second?.instant ?? Number.NaN) - (first?.instant ?? Number.NaN);
}

function wallTimesBetween(after: number, before: number, step: number): number[] {
  const walls: number[] = [];
  for (let wall = after + step; wall < before; wall += step) walls.push(wall);
  return walls;
}
