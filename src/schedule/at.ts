import { InvalidScheduleError } from '../errors.js';
import { instantOf, parseInstant } from './instant.js';
import type { Occurrences } from './occurrences.js';

/** As text, a thousand instants take 25 kB. */
const MOST = 1000;

/**
 * Writes the schedule of given instants; those that have passed do not fire.
 *
 * @param instants 1 to 1,000, in any order; what is named twice fires once.
 * @throws InvalidScheduleError
 * @example
 * await firelock.addOrUpdateRecurring('openings', open, {}, at([new Date('2026-12-01T08:00:00Z'), new Date('2027-03-01T08:00:00Z')]));
 */
export function at(instants: readonly Date[]): string {
  checkCount(instants.length, instants);
  return `at ${instants.map((instant) => new Date(instantOf(instant)).toISOString()).join(' ')}`;
}

/** Reads what `at` writes; undefined for another kind of schedule. */
export function parseAt(text: string): Occurrences | undefined {
  const [kind, ...instants] = text.split(/[\s,]+/);
  if (kind?.toLowerCase() !== 'at') return undefined;
  checkCount(instants.length, text);
  const ascending = instants.map((instant) => parseInstant(instant, text)).toSorted((a, b) => a - b);
  return { next: (after) => ascending.find((instant) => instant > after) };
}

function checkCount(count: number, value: unknown): void {
  if (count > 0 && count <= MOST) return;
  throw new InvalidScheduleError(value, `it names ${count} instants. Use 1 to ${MOST}.`);
}
