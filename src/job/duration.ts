import parseDuration from 'parse-duration';
import { InvalidDurationError } from '../errors.js';

/** A length of time: milliseconds as a number, or a string with units: `'90s'`, `'1h30m'`, `'2 days'`. */
export type Duration = number | string;

const WITH_UNITS = /^\s*(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i;
const UNIT = /[a-z]+/gi;
const UNITS = new Set(
  'ms millisecond milliseconds s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w week weeks'.split(
    ' ',
  ),
);
/** One hundred years. What lies beyond is a slip of units; far beyond it, Postgres has no timestamps. */
const LIMIT_MS = 100 * 365.25 * 24 * 3_600_000;

/**
 * The duration in milliseconds.
 * @throws InvalidDurationError for a string without units, an unknown unit, a negative or absurdly long duration
 */
export function milliseconds(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : parse(duration);
  if (!Number.isFinite(ms) || ms < 0) throw new InvalidDurationError(duration, 'expected zero or more');
  if (ms > LIMIT_MS) throw new InvalidDurationError(duration, 'longer than 100 years');
  return ms;
}

function parse(text: unknown): number {
  if (typeof text !== 'string') throw new InvalidDurationError(text, 'expected a number or a string');
  if (!WITH_UNITS.test(text)) throw new InvalidDurationError(text, 'a string needs a unit after each number');
  const unknown = text.match(UNIT)?.find((unit) => !UNITS.has(unit.toLowerCase()));
  if (unknown !== undefined)
    throw new InvalidDurationError(text, `unknown unit '${unknown}' (ms, s, m, h, d, w)`);
  return parseDuration(text) ?? Number.NaN;
}
