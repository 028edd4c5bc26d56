import { InvalidScheduleError } from '../errors.js';
import { type FieldName, type FieldText, fieldValues } from './cron-field.js';
import { type CronPattern, nextWallTime } from './cron-walk.js';
import { dayRule } from './day-rule.js';
import { hasHash, withoutHashes } from './hashed-field.js';
import type { WallTime } from './wall-time.js';

/** What an expression says about the clock on the wall; which zone the wall is in, it does not know. */
export interface CronExpression {
  /**
   * Whether it means "every so often" and not "at this time": Cronos says so when the seconds, minutes or hours have
   * `*`, a range or a step. It matters when the clocks go back.
   */
  readonly isInterval: boolean;
  /** Whether it fires in every minute of the days on which it fires. */
  readonly isAllDay: boolean;
  /** The first wall time after the given one at which it fires; `undefined` if there is none, ever. */
  next(after: WallTime): WallTime | undefined;
}

const MACROS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
  ['@every_minute', '* * * * *'],
  ['@every_second', '* * * * * *'],
]);

/** All values of all fields in full take 600 characters; what is much longer could only keep the parser busy. */
const MAX_LENGTH = 1000;

/**
 * @param id Of the recurring job, which draws the values of `H`.
 * @throws InvalidScheduleError that names the field, what it has and what is allowed
 */
export function parseCronExpression(expression: string, id?: string): CronExpression {
  const found = known.get(expression);
  if (found !== undefined) return found;
  const cron = read(expression, id);
  if (known.size >= REMEMBERED) known.clear();
  // With an H it is another one for each id.
  if (!hasHash(expression)) known.set(expression, cron);
  return cron;
}

/** To read one takes 30 µs, and thousands of recurring jobs share a few. */
const known = new Map<string, CronExpression>();
const REMEMBERED = 1000;

function read(expression: string, id: string | undefined): CronExpression {
  const fields = splitFields(expression, id);
  const pattern: CronPattern = {
    isDay: dayRule(fields),
    hours: ascending(fields.hour),
    minutes: ascending(fields.minute),
    seconds: ascending(fields.second),
  };
  return {
    isInterval: [fields.second, fields.minute, fields.hour].some(({ text }) => /[*?/-]/.test(text)),
    isAllDay: pattern.hours.length === 24 && pattern.minutes.length === 60,
    next: (after) => nextWallTime(pattern, after),
  };
}

type SixTexts = [string, string, string, string, string, string];

function splitFields(expression: string, id: string | undefined): Record<FieldName, FieldText> {
  const texts = expandMacro(expression).split(/\s+/);
  if (texts.length === 5) texts.unshift('0');
  if (!isSixTexts(texts)) {
    throw new InvalidScheduleError(
      expression,
      `the number of fields is ${texts.filter(Boolean).length}. Use 5 (minute, hour, day of month, month, day of week), ` +
        `6 with the seconds first, or a macro (${[...MACROS.keys()].join(', ')}).`,
    );
  }
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = texts;
  const field = (name: FieldName, text: string) => withoutHashes({ name, text, expression }, id);
  return {
    second: field('second', second),
    minute: field('minute', minute),
    hour: field('hour', hour),
    dayOfMonth: field('dayOfMonth', dayOfMonth),
    month: field('month', month),
    dayOfWeek: field('dayOfWeek', dayOfWeek),
  };
}

function isSixTexts(texts: string[]): texts is SixTexts {
  return texts.length === 6;
}

function expandMacro(expression: string): string {
  // JavaScript callers have no compiler to tell them.
  if (typeof expression !== 'string') throw new InvalidScheduleError(expression, 'it is not a string.');
  if (expression.length > MAX_LENGTH) {
    throw new InvalidScheduleError(
      expression,
      `it has ${expression.length} characters. Use ${MAX_LENGTH} at most.`,
    );
  }
  const text = expression.trim();
  return MACROS.get(text.toLowerCase()) ?? text;
}

function ascending(field: FieldText): number[] {
  return [...fieldValues(field)].toSorted((a, b) => a - b);
}
