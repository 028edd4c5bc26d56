import { InvalidScheduleError } from '../errors.js';
import { type FieldText, fieldRange, invalidField } from './cron-field.js';
import { hash } from './hash.js';

const HASHED = /^H(?:\((?<first>\d+)-(?<last>\d+)\))?(?:\/(?<step>\d+))?$/i;
/** Every month has these days: as in Jenkins, `H` draws no day that most months lack. */
const LAST_DAY_OF_ALL_MONTHS = 28;

export function hasHash(text: string): boolean {
  return /\bH\b/i.test(text);
}

/**
 * A field in which each `H` has become a value, the same one for the same id: the notation of Jenkins, which spreads what
 * would otherwise all start at minute 0. `H` is a value of the field, `H(0-29)` one from there, `H/15` and `H(0-29)/15` every
 * fifteenth from a first one that is drawn.
 *
 * @throws InvalidScheduleError for an `H` of which no id is known, or one that is badly written
 */
export function withoutHashes(field: FieldText, id: string | undefined): FieldText {
  if (!hasHash(field.text)) return field;
  if (id === undefined) {
    throw new InvalidScheduleError(
      field.expression,
      'H is drawn by the id of a recurring job, which is not known here. Pass { id }.',
    );
  }
  const items = field.text.split(',').map((item) => (/^H/i.test(item) ? drawn(field, item, id) : item));
  return { ...field, text: items.join(',') };
}

function drawn(field: FieldText, item: string, id: string): string {
  const parts = HASHED.exec(item)?.groups;
  if (parts === undefined) throw invalidField(field, item);
  const { first, last } = rangeOf(field, item, parts);
  const number = hash(`${id}\n${field.name}`);
  if (parts['step'] === undefined) return String(first + (number % (last - first + 1)));
  const step = Number(parts['step']);
  if (step === 0 || step > last - first + 1) throw invalidField(field, item);
  return `${first + (number % step)}-${last}/${step}`;
}

function rangeOf(field: FieldText, item: string, parts: Record<string, string | undefined>) {
  const whole = fieldRange(field.name);
  if (parts['first'] === undefined) {
    const last = field.name === 'dayOfMonth' ? LAST_DAY_OF_ALL_MONTHS : whole.last;
    return { first: whole.first, last };
  }
  const [first, last] = [Number(parts['first']), Number(parts['last'])];
  if (first > last || first < whole.first || last > whole.last) throw invalidField(field, item);
  return { first, last };
}
