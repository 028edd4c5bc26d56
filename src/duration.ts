import { InvalidDurationError } from './errors.js';
import { type Duration, readDuration } from './read-duration.js';

export type { Duration } from './read-duration.js';

/**
 * The duration in milliseconds.
 * @throws InvalidDurationError for a string without units, an unknown unit, a negative or absurdly long duration
 */
export function milliseconds(duration: Duration): number {
  const read = readDuration(duration);
  if (typeof read === 'number') return read;
  throw new InvalidDurationError(duration, read.problem);
}
