import { IANAZone } from 'luxon';
import { InvalidScheduleError } from '../errors.js';
import { DAY, type Instant, MINUTE, type WallTime } from './wall-time.js';

/** The clocks of one time zone. */
export interface TimeZone {
  /** What they show at an instant. */
  wallTimeAt(instant: Instant): WallTime;
  /** When they show a wall time. */
  read(wall: WallTime): ClockReading;
}

interface ClockReading {
  /** The first instant at which the clocks show it; if they jump over it, the first after the gap. */
  readonly first: Instant;
  /** Only if they show it again. */
  readonly repeated?: RepeatedStretch;
}

/** The clocks go back at `change`, so that they show each wall time from `start` to before `end` in two passes. */
export interface RepeatedStretch {
  readonly change: Instant;
  readonly start: WallTime;
  readonly end: WallTime;
}

/** There are some 600 of them. */
const known = new Map<string, TimeZone>();

/** @throws InvalidScheduleError if the runtime does not know the zone */
export function findTimeZone(name: string): TimeZone {
  const found = known.get(name) ?? openTimeZone(name);
  known.set(name, found);
  return found;
}

function openTimeZone(name: string): TimeZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) {
    throw new InvalidScheduleError(
      name,
      "the time zone is unknown. Use an IANA name: 'UTC', 'Europe/Paris', 'Asia/Seoul'.",
    );
  }
  // Rounded, because local mean time (before about 1900) has seconds and luxon counts in minutes.
  const offsetAt = remembering((instant) => Math.round(zone.offset(instant) * MINUTE));
  return {
    wallTimeAt: (instant) => instant + offsetAt(instant),
    read: (wall) => readClock(offsetAt, wall),
  };
}

/** To ask the runtime takes 10 µs, and what falls due together asks for the same few instants. */
function remembering(offsetAt: OffsetAt): OffsetAt {
  const offsets = new Map<Instant, number>();
  return (instant) => {
    const offset = offsets.get(instant) ?? offsetAt(instant);
    if (offsets.size >= REMEMBERED) offsets.clear();
    offsets.set(instant, offset);
    return offset;
  };
}

const REMEMBERED = 1000;

/** The lead of the clocks over UTC, in milliseconds. */
type OffsetAt = (instant: Instant) => number;

/**
 * No clock differs from UTC by a day. So a day on either side of the wall time, taken as if in UTC, lies before and after
 * any change of the clocks that concerns it, and one of these two offsets is in force when they show it. (It would fail
 * for two changes within two days; since 1970 no zone had two within a week.)
 */
function readClock(offsetAt: OffsetAt, wall: WallTime): ClockReading {
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  if (before === after) return { first: wall - before };
  const isShownBefore = offsetAt(wall - before) === before;
  const isShownAfter = offsetAt(wall - after) === after;
  if (isShownBefore !== isShownAfter) return { first: wall - (isShownBefore ? before : after) };
  const change = findChange(offsetAt, wall);
  if (!isShownBefore) return { first: change };
  return { first: wall - before, repeated: { change, start: change + after, end: change + before } };
}

/** The first instant of the new offset, by bisection: 28 lookups, needed at a change of the clocks only. */
function findChange(offsetAt: OffsetAt, wall: WallTime): Instant {
  let before = wall - DAY;
  let after = wall + DAY;
  const offset = offsetAt(before);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}
