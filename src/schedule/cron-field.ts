import { InvalidScheduleError } from '../errors.js';

/** The fields in the order in which an expression has them: their values, and what is allowed, for messages. */
const FIELDS = {
  second: { label: 'second', first: 0, last: 59, allowed: '0-59' },
  minute: { label: 'minute', first: 0, last: 59, allowed: '0-59' },
  hour: { label: 'hour', first: 0, last: 23, allowed: '0-23' },
  dayOfMonth: {
    label: 'day of month',
    first: 1,
    last: 31,
    allowed:
      '1-31, L (the last day), L-3 (three days before it), 15W (the weekday nearest to the 15th) or LW',
  },
  month: {
    label: 'month',
    first: 1,
    last: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
    allowed: '1-12 or JAN-DEC',
  },
  dayOfWeek: {
    label: 'day of week',
    first: 0,
    last: 7,
    names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    allowed: '0-7 (0 and 7 are Sunday), SUN-SAT, 5#2 (the second Friday) or 5L (the last Friday)',
  },
} as const;

export type FieldName = keyof typeof FIELDS;

/** One field of an expression, as written. */
export interface FieldText {
  readonly name: FieldName;
  readonly text: string;
  /** The whole expression, for messages. */
  readonly expression: string;
}

/** The values that a field may have; Sunday is 0 alone. */
export function fieldRange(name: FieldName): { readonly first: number; readonly last: number } {
  const { first, last } = FIELDS[name];
  return { first, last: name === 'dayOfWeek' ? last - 1 : last };
}

const ITEM = /^(?:[*?]|(?<first>\d+|[a-z]{3})(?:-(?<last>\d+|[a-z]{3}))?)(?:\/(?<step>\d+))?$/i;

/** The values that a field, or one item of its list, stands for; Sunday is 0. */
export function fieldValues(field: FieldText, text = field.text): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((item) => itemValues(field, item)));
}

function itemValues(field: FieldText, item: string): number[] {
  const parts = ITEM.exec(item)?.groups;
  const range = FIELDS[field.name];
  const step = Number(parts?.['step'] ?? 1);
  // A longer step has one value: `*/90` in the minutes is every hour, which nobody who wrote it meant.
  if (parts === undefined || step === 0 || step > range.last) throw invalidField(field, item);
  const first = boundOf(field, item, parts['first']) ?? range.first;
  const isOne = parts['first'] !== undefined && parts['step'] === undefined;
  const last = boundOf(field, item, parts['last']) ?? (isOne ? first : range.last);
  return around(field.name, { first, last, step }).map((value) => ordinary(field.name, value));
}

function boundOf(field: FieldText, item: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const range = FIELDS[field.name];
  const names: readonly string[] = 'names' in range ? range.names : [];
  const value = /^\d+$/.test(text) ? Number(text) : range.first + names.indexOf(text.toUpperCase());
  if (value < range.first || value > range.last) throw invalidField(field, item);
  return value;
}

interface SteppedRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/**
 * A range may go round: `22-2` is 22, 23, 0, 1, 2. A step goes on counting across the turn, as in Cronos: `22-2/2` is
 * 22, 0, 2.
 */
function around(name: FieldName, { first, last, step }: SteppedRange): number[] {
  const values: number[] = [];
  let value = first;
  if (first > last) {
    const turn = fieldRange(name);
    for (; value <= turn.last; value += step) values.push(value);
    value += turn.first - turn.last - 1;
  }
  for (; value <= last; value += step) values.push(value);
  return values;
}

/** Sunday, which is 7 as well, is 0. */
function ordinary(name: FieldName, value: number): number {
  return name === 'dayOfWeek' ? value % 7 : value;
}

export function invalidField(field: FieldText, item: string, options?: ErrorOptions): InvalidScheduleError {
  const { label, allowed } = FIELDS[field.name];
  return new InvalidScheduleError(
    field.expression,
    `the ${label} '${item}' is not allowed. Use ${allowed}; also * (any), a range a-b, a step */n, a/n or a-b/n, ` +
      'H (a value that is drawn by the id), or several of these with commas.',
    options,
  );
}
