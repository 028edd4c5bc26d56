import { type CalendarRules, parseCalendar } from './calendar.js';
import { InvalidScheduleError } from '../errors.js';
import { parseSchedule, type Schedule } from './schedule.js';

/** All that decides when a recurring job fires. */
export interface Timing {
  readonly id: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly startAt: Date | undefined;
  readonly endAt: Date | undefined;
  /** Names. */
  readonly calendars: readonly string[];
  readonly jitterMs: number;
}

/** The rules of calendars, by name. */
export type CalendarsByName = ReadonlyMap<string, CalendarRules>;

/** @throws InvalidScheduleError, also for a calendar that there is not */
export function scheduleOf(timing: Timing, calendars: CalendarsByName): Schedule {
  const rules = timing.calendars.map((name) => {
    const known = calendars.get(name);
    if (known !== undefined) return known;
    throw new InvalidScheduleError(
      name,
      `there is no such calendar. Add it with addOrUpdateCalendar('${name}', …).`,
    );
  });
  return parseSchedule(timing.schedule, { ...timing, calendars: rules.map(parseCalendar) });
}
