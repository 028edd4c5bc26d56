import { type FieldText, fieldValues, invalidField } from './cron-field.js';
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

/** `L` is the last day of the month, `L-3` three days before it; with a `W`, the weekday nearest to a day is meant. */
function dayOfMonthRule(field: FieldText, item: string): DayRule {
  const special = /^(?:L(?:-(?<before>\d+))?(?<ofLast>W)?|(?<date>\d+)W)$/i.exec(item)?.groups;
  if (special === undefined) {
    const days = fieldValues(field, item);
    return (day) => days.has(day.getUTCDate());
  }
  const before = Number(special['before'] ?? 0);
  const date = special['date'] === undefined ? undefined : Number(special['date']);
  if (before > 30 || date === 0 || (date ?? 0) > 31) throw invalidField(field, item);
  const dateIn = (month: Month) => date ?? month.lastDate - before;
  return special['date'] === undefined && special['ofLast'] === undefined
    ? (day) => day.getUTCDate() === dateIn(monthOf(day))
    : (day) => day.getUTCDate() === nearestWeekday(monthOf(day), dateIn(monthOf(day)));
}

interface Month {
  readonly lastDate: number;
  /** Of the last day of the month before; 0 is Sunday. */
  readonly weekdayBefore: number;
}

function monthOf(day: Date): Month {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const before = new Date(day.getTime() - day.getUTCDate() * DAY);
  return {
    lastDate: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    weekdayBefore: before.getUTCDay(),
  };
}

/** Monday to Friday, and never in another month, as in Cronos; none for a date that the month lacks. */
function nearestWeekday({ lastDate, weekdayBefore }: Month, date: number): number | undefined {
  if (date < 1 || date > lastDate) return undefined;
  const weekday = (weekdayBefore + date) % 7;
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === lastDate ? date - 2 : date + 1;
  return date;
}

/** `FRI#2` is the second Friday of the month, `FRIL` the last. */
function dayOfWeekRule(field: FieldText, item: string): DayRule {
  const special = /^(?<weekday>\d|[a-z]{3})(?:L|#(?<nth>[1-5]))$/i.exec(item)?.groups;
  const weekdays = fieldValues(field, special?.['weekday'] ?? item);
  const isWeekday: DayRule = (day) => weekdays.has(day.getUTCDay());
  if (special === undefined) return isWeekday;
  if (special['nth'] === undefined)
    return (day) => isWeekday(day) && day.getUTCDate() + 7 > monthOf(day).lastDate;
  const nth = Number(special['nth']);
  return (day) => isWeekday(day) && Math.ceil(day.getUTCDate() / 7) === nth;
}
