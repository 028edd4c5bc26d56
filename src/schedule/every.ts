import { type Duration, milliseconds } from '../duration.js';
import { InvalidScheduleError } from '../errors.js';
import { instantOf, parseInstant } from './instant.js';
import type { Occurrences } from './occurrences.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from './wall-time.js';

export interface EveryOptions {
  /** The first occurrence is at this instant, or the first after it that `anchor` allows. Default: there is no first. */
  readonly startAt?: Date | undefined;
  /**
   * The occurrences lie whole intervals before and after this instant. Default: `startAt`, or else the start of 1970 in UTC,
   * so that `every('5m')` fires at :00, :05, :10, whenever it was deployed.
   */
  readonly anchor?: Date | undefined;
}

/**
 * Writes the schedule of a plain interval, which no clock change touches: 36 hours are 36 hours.
 *
 * @param interval 1 second or more: milliseconds, or a string with units.
 * @throws InvalidDurationError, InvalidScheduleError
 * @example
 * await firelock.addOrUpdateRecurring('poll', poll, {}, every('40s'));
 * every('36h', { startAt: new Date('2026-12-01T06:00:00Z') }); // 'every 36h from 2026-12-01T06:00:00.000Z'
 */
export function every(interval: Duration, { startAt, anchor }: EveryOptions = {}): string {
  const text = [
    `every ${inUnits(intervalOf(interval, `every ${String(interval)}`))}`,
    ...(anchor === undefined ? [] : [`anchor ${isoOf(anchor)}`]),
    ...(startAt === undefined ? [] : [`from ${isoOf(startAt)}`]),
  ];
  return text.join(' ');
}

const EVERY = /^every\s+(?<interval>.+?)(?:\s+anchor\s+(?<anchor>\S+))?(?:\s+from\s+(?<from>\S+))?$/i;

/** Reads what `every` writes; undefined for another kind of schedule. */
export function parseEvery(text: string): Occurrences | undefined {
  const parts = EVERY.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const intervalMs = intervalOf(parts['interval'] ?? '', text);
  const from = parts['from'] === undefined ? undefined : parseInstant(parts['from'], text);
  const anchor = parts['anchor'] === undefined ? (from ?? 0) : parseInstant(parts['anchor'], text);
  const firstAfter = (after: Instant) =>
    anchor + (Math.floor((after - anchor) / intervalMs) + 1) * intervalMs;
  return { next: (after) => firstAfter(Math.max(after, (from ?? after) - 1)) };
}

function intervalOf(interval: Duration, schedule: string): number {
  const ms = milliseconds(interval);
  if (ms >= SECOND) return Math.round(ms);
  throw new InvalidScheduleError(schedule, 'the interval must be 1 second or more.');
}

function isoOf(date: Date): string {
  return new Date(instantOf(date)).toISOString();
}

function inUnits(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ];
  let rest = ms;
  let text = '';
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
