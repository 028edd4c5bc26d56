import { CronExpressionParser } from 'cron-parser';
import { InvalidScheduleError } from '../errors.js';

/** The fields in the order in which an expression has them; `last` is the greatest value, `allowed` is for messages. */
const FIELDS = {
  second: { label: 'second', last: 59, allowed: '0-59' },
  minute: { label: 'minute', last: 59, allowed: '0-59' },
  hour: { label: 'hour', last: 23, allowed: '0-23' },
  dayOfMonth: { label: 'day of month', last: 31, allowed: '1-31 or L (the last day)' },
  month: { label: 'month', last: 12, allowed: '1-12 or JAN-DEC' },
  dayOfWeek: {
    label: 'day of week',
    last: 7,
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

// cron-parser accepts more than this: it takes `1jan` for 11 and `H` for a random value.
const ITEM = /^(?:[*?]|(?:\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?)(?:\/(?<step>\d+))?$/i;

/** The values that a field, or one item of its list, stands for; Sunday is 0. */
export function fieldValues(field: FieldText, text = field.text): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((item) => itemValues(field, item)));
}

/**
 * Each item is read alone, as the only restricted field of an expression: so a mistake has a place, a list may repeat
 * itself (`0-5,3`) and the rules of cron-parser that join fields (it refuses 30 February) stay out.
 */
function itemValues(field: FieldText, item: string): number[] {
  const shape = ITEM.exec(item);
  // A longer step has one value: `*/90` in the minutes is every hour, which nobody who wrote it meant.
  const isStepTooLong = Number(shape?.groups?.['step'] ?? 1) > FIELDS[field.name].last;
  if (shape === null || isStepTooLong) throw invalidField(field, item);
  try {
    return CronExpressionParser.parse(alone(field.name, item)).fields[field.name].values.map(Number);
  } catch (cause) {
    throw invalidField(field, item, { cause });
  }
}

function alone(name: FieldName, item: string): string {
  return Object.keys(FIELDS)
    .map((other) => (other === name ? item : '*'))
    .join(' ');
}

function invalidField(field: FieldText, item: string, options?: ErrorOptions): InvalidScheduleError {
  const { label, allowed } = FIELDS[field.name];
  return new InvalidScheduleError(
    field.expression,
    `the ${label} '${item}' is not allowed. Use ${allowed}; also * (any), a range a-b, a step */n, a/n or a-b/n, ` +
      'or several of these with commas.',
    options,
  );
}
