import * as fc from 'fast-check';

/** A random expression whose meaning is known without parsing it. */
export interface RandomCron {
  readonly expression: string;
  readonly isInterval: boolean;
  /** Whether it fires at a wall time, in milliseconds as if in UTC. */
  matches(wall: number): boolean;
}

interface RandomField {
  readonly text: string;
  readonly matches: (value: number) => boolean;
}

interface RandomFields {
  readonly second: RandomField;
  readonly minute: RandomField;
  readonly hour: RandomField;
  readonly dayOfMonth: RandomField;
  readonly month: RandomField;
  readonly dayOfWeek: RandomField;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Expressions of 5 fields, or of 6 with seconds, that are likely to fire within a given span of the day. */
export function randomCron(options: { withSeconds: boolean; hours?: Range }): fc.Arbitrary<RandomCron> {
  return fc
    .record({
      second: options.withSeconds ? fieldIn({ first: 0, last: 59 }) : fc.constant(only(0)),
      minute: fieldIn({ first: 0, last: 59 }),
      hour: fieldIn({ first: 0, last: 23 }, options.hours),
      dayOfMonth: mostlyAny(dayOfMonth(), 4),
      month: mostlyAny(month(), 9),
      dayOfWeek: mostlyAny(dayOfWeek(), 4),
    })
    .map((fields) => assemble(fields, options.withSeconds));
}

/** Midnights of random dates, with each of the day fields restricted more often than not. */
export function randomDates(): fc.Arbitrary<RandomCron> {
  return fc
    .record({
      second: fc.constant(only(0)),
      minute: fc.constant(only(0)),
      hour: fc.constant(only(0)),
      dayOfMonth: dayOfMonth(),
      month: month(),
      dayOfWeek: dayOfWeek(),
    })
    .map((fields) => assemble(fields, false));
}

function assemble(fields: RandomFields, withSeconds: boolean): RandomCron {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fields;
  const time = withSeconds ? [second, minute, hour] : [minute, hour];
  return {
    expression: [...time, dayOfMonth, month, dayOfWeek].map(({ text }) => text).join(' '),
    isInterval: time.some(({ text }) => text.includes('*') || text.includes('-') || text.includes('/')),
    matches(wall) {
      const date = new Date(wall);
      return (
        second.matches(date.getUTCSeconds()) &&
        minute.matches(date.getUTCMinutes()) &&
        hour.matches(date.getUTCHours()) &&
        dayOfMonth.matches(date.getUTCDate()) &&
        month.matches(date.getUTCMonth() + 1) &&
        dayOfWeek.matches(date.getUTCDay())
      );
    },
  };
}

function any(): RandomField {
  return { text: '*', matches: () => true };
}

function only(...values: number[]): RandomField {
  return { text: values.join(','), matches: (value) => values.includes(value) };
}

function mostlyAny(field: fc.Arbitrary<RandomField>, weight: number): fc.Arbitrary<RandomField> {
  return fc.oneof({ weight, arbitrary: fc.constant(any()) }, field);
}

function dayOfMonth(): fc.Arbitrary<RandomField> {
  return fieldIn({ first: 1, last: 31 });
}

function month(): fc.Arbitrary<RandomField> {
  return fieldIn({ first: 1, last: 12 });
}

/** 0 and 7 are Sunday. */
function dayOfWeek(): fc.Arbitrary<RandomField> {
  return fieldIn({ first: 0, last: 7 }).map(({ text, matches }) => ({
    text,
    matches: (value) => matches(value) || (value === 0 && matches(7)),
  }));
}

/** Values of a field, the single ones drawn from `likely`. */
function fieldIn({ first, last }: Range, likely: Range = { first, last }): fc.Arbitrary<RandomField> {
  const value = fc.integer({ min: likely.first, max: likely.last });
  const bounds = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const step = fc.integer({ min: 1, max: Math.min(last, 40) });
  return fc.oneof(
    fc.constant(any()),
    { weight: 3, arbitrary: value.map((one) => only(one)) },
    { weight: 3, arbitrary: fc.array(value, { minLength: 1, maxLength: 5 }).map((list) => only(...list)) },
    bounds.map(([low, high]) => stepped(`${low}-${high}`, [low, high, 1])),
    step.map((n) => stepped(`*/${n}`, [first, last, n])),
    fc.tuple(value, step).map(([low, n]) => stepped(`${low}/${n}`, [low, last, n])),
    fc.tuple(bounds, step).map(([[low, high], n]) => stepped(`${low}-${high}/${n}`, [low, high, n])),
  );
}

function stepped(text: string, [low, high, step]: [number, number, number]): RandomField {
  return { text, matches: (value) => value >= low && value <= high && (value - low) % step === 0 };
}
