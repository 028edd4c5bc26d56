import { InvalidScheduleError } from '../errors.js';
import { type FieldName, type FieldText, fieldValues } from './cron-field.js';
import { type CronPattern, nextWallTime } from './cron-walk.js';
import { dayRule } from './day-rule.js';
import type { WallTime } from './wall-time.js';

/** What an expression says about the clock on the wall; which zone the wall is in, it does not know. */
export interface CronExpression {
  /**
   * Whether it means "every so often" and not "at this time": Cronos says so when the seconds, minutes or hours have
   * `*`, a range or a step. It matters when the clocks go back.
   */
  readonly isInterval: boolean;
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

/** @throws InvalidScheduleError that names the field, what it has and what is allowed */
export function parseCronExpression(expression: string): CronExpression {
  const fields = splitFields(expression);
  const pattern: CronPattern = {
    isDay: dayRule(fields),
    hours: ascending(fields.hour),
    minutes: ascending(fields.minute),
    seconds: ascending(fields.second),
  };
  return {
    isInterval: [fields.second, fields.minute, fields.hour].some(({ text }) => /[*?/-]/.test(text)),
    next: (after) => nextWallTime(pattern, after),
  };
}

type SixTexts = [string, string, string, string, string, string];

function splitFields(expression: string): Record<FieldName, FieldText> {
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
  return {
    second: { name: 'second', text: second, expression },
    minute: { name: 'minute', text: minute, expression },
    hour: { name: 'hour', text: hour, expression },
    dayOfMonth: { name: 'dayOfMonth', text: dayOfMonth, expression },
    month: { name: 'month', text: month, expression },
    dayOfWeek: { name: 'dayOfWeek', text: dayOfWeek, expression },
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
