import type { CalendarRules } from '../schedule/calendar.js';
import type { CalendarsByName } from '../schedule/timing.js';
import type { Executor, Statement } from './statement.js';

/** Those of the calendars that exist. */
export async function readCalendars(executor: Executor, names: readonly string[]): Promise<CalendarsByName> {
  const rows = await executor.run<{ name: string; rules: CalendarRules }>(readStatement, [names]);
  return new Map(rows.map(({ name, rules }) => [name, rules]));
}

const readStatement: Statement = {
  name: 'read-calendars',
  text: `select name, rules from firelock.calendars where name = any($1::text[])`,
};

/** Creates or replaces a calendar. */
export async function writeCalendar(executor: Executor, name: string, rules: CalendarRules): Promise<void> {
  await executor.run(writeStatement, [name, JSON.stringify(rules)]);
}

const writeStatement: Statement = {
  name: 'write-calendar',
  text: `
    insert into firelock.calendars (name, rules) values ($1, $2::jsonb)
    on conflict (name) do update set rules = excluded.rules, updated_at = now()`,
};

/** False if there was none. */
export async function deleteCalendar(executor: Executor, name: string): Promise<boolean> {
  return (await executor.run(deleteStatement, [name])).length === 1;
}

const deleteStatement: Statement = {
  name: 'delete-calendar',
  text: `delete from firelock.calendars where name = $1 returning name`,
};
