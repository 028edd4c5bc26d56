import parseDuration from 'parse-duration';

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

/** The milliseconds of a duration, or in words what is wrong with it. Throws nothing: errors themselves bear durations. */
export function readDuration(duration: unknown): number | { readonly problem: string } {
  const ms = typeof duration === 'number' ? duration : parse(duration);
  if (typeof ms !== 'number') return ms;
  if (!Number.isFinite(ms) || ms < 0) return { problem: 'expected zero or more' };
  return ms > LIMIT_MS ? { problem: 'longer than 100 years' } : ms;
}

function parse(text: unknown): number | { readonly problem: string } {
  if (typeof text !== 'string') return { problem: 'expected a number or a string' };
  if (!WITH_UNITS.test(text)) return { problem: 'a string needs a unit after each number' };
  const unknown = text.match(UNIT)?.find((unit) => !UNITS.has(unit.toLowerCase()));
  if (unknown !== undefined) return { problem: `unknown unit '${unknown}' (ms, s, m, h, d, w)` };
  return parseDuration(text) ?? Number.NaN;
}
