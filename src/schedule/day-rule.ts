import { type FieldText, fieldValues } from './cron-field.js';
import { DAY } from './wall-time.js';

/** Whether a day, given as its midnight in UTC, is one on which the expression may fire. */
export type DayRule = (day: Date) => boolean;

/**
 * The rule of the three day fields. **All** of them must hold: `0 0 13 * 5` is Friday the thirteenth, as in Cronos and
 * unlike Unix cron, which takes the 13th *or* a Friday.
 */
export function dayRule(fields: Record<'dayOfMonth' | 'month' | 'dayOfWeek', FieldText>): DayRule {
  const months = fieldValues(fields.month);
  const dayOfMonth = anyItem(fields.dayOfMonth, dayOfMonthRule);
  const dayOfWeek = anyItem(fields.dayOfWeek, dayOfWeekRule);
  return (day) => months.has(day.getUTCMonth() + 1) && dayOfMonth(day) && dayOfWeek(day);
}

function anyItem(field: FieldText, ruleOf: (field: FieldText, item: string) => DayRule): DayRule {
  const rules = field.text.split(',').map((item) => ruleOf(field, item));
  return (day) => rules.some((rule) => rule(day));
}

function dayOfMonthRule(field: FieldText, item: string): DayRule {
  if (/^L$/i.test(item)) return (day) => isInNextMonth(day, 1);
  const days = fieldValues(field, item);
  return (day) => days.has(day.getUTCDate());
}

/** `FRI#2` is the second Friday of the month, `FRIL` the last. */
function dayOfWeekRule(field: FieldText, item: string): DayRule {
  const special = /^(?<weekday>\d|[a-z]{3})(?:L|#(?<nth>[1-5]))$/i.exec(item)?.groups;
  const weekdays = fieldValues(field, special?.['weekday'] ?? item);
  const isWeekday: DayRule = (day) => weekdays.has(day.getUTCDay());
  if (special === undefined) return isWeekday;
  if (special['nth'] === undefined) return (day) => isWeekday(day) && isInNextMonth(day, 7);
  const nth = Number(special['nth']);
  return (day) => isWeekday(day) && Math.ceil(day.getUTCDate() / 7) === nth;
}

function isInNextMonth(day: Date, daysLater: number): boolean {
  return new Date(day.getTime() + daysLater * DAY).getUTCMonth() !== day.getUTCMonth();
}
