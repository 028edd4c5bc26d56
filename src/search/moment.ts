import { readDuration } from '../read-duration.js';

/** An instant, or how long ago it is from whenever the search is made. */
export type Moment = { readonly at: Date } | { readonly agoMs: number };

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/i;
/** The instants that Postgres and JavaScript both hold. */
const FIRST = Date.parse('1970-01-02T00:00:00Z');
const LAST = Date.parse('9999-12-31T00:00:00Z');

const UNITS = [
  ['w', 7 * 24 * 3_600_000],
  ['d', 24 * 3_600_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** Reads a date or an instant, in UTC unless it says otherwise, or a duration; undefined if it is none of these. */
export function readMoment(text: string): Moment | undefined {
  const parts = INSTANT.exec(text);
  if (parts !== null) return readInstant(text, parts);
  const agoMs = readDuration(text);
  return typeof agoMs === 'number' ? { agoMs: Math.round(agoMs) } : undefined;
}

/** The instant that is meant, seen from `now`. */
export function instantOf(moment: Moment, now: Date): Date {
  return 'at' in moment ? moment.at : new Date(now.getTime() - moment.agoMs);
}

/** As short as says the same: `2026-11-19`, `2026-11-19T10:00`, `90m`. */
export function formatMoment(moment: Moment): string {
  if ('at' in moment) return moment.at.toISOString().replace(/(?:T00:00)?(?::00)?\.000Z$|Z$/, '');
  const [unit, ms] = UNITS.find(([, ms]) => moment.agoMs > 0 && moment.agoMs % ms === 0) ?? ['ms', 1];
  return `${moment.agoMs / ms}${unit}`;
}

function readInstant(text: string, [, year, month, date, zone]: RegExpExecArray): Moment | undefined {
  // Date.parse lets the 30th of February be the 2nd of March.
  const day = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  if (day.getUTCDate() !== Number(date)) return undefined;
  const at = new Date(zone === undefined && text.length > 10 ? `${text}Z` : text);
  return at.getTime() >= FIRST && at.getTime() <= LAST ? { at } : undefined;
}
