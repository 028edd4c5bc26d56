import { InvalidScheduleError } from '../errors.js';
import type { Instant } from './wall-time.js';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/i;

/** Reads an instant of a schedule's text: its offset must be given, so that it means the same everywhere. */
export function parseInstant(text: string, schedule: string): Instant {
  const instant = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidScheduleError(
    schedule,
    `'${text}' is not an instant. Use ISO 8601 with an offset: 2026-12-01T06:00:00Z.`,
  );
}

/** @throws InvalidScheduleError for an invalid date */
export function instantOf(date: Date): Instant {
  const instant = date.getTime();
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidScheduleError(date, 'it is not a valid date.');
}
