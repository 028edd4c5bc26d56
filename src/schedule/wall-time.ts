/**
 * What a clock on the wall shows, as a number: the milliseconds since 1970 that UTC would count when its clocks show the
 * same. 09:00 in Seoul and 09:00 in Paris are one wall time and two instants.
 */
export type WallTime = number;

/** A point on the one timeline that everybody shares: milliseconds since 1970 in UTC, as in `Date.getTime()`. */
export type Instant = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
