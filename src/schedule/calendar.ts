import { type CronExpression, parseCronExpression } from './cron-expression.js';
import { InvalidScheduleError } from '../errors.js';
import type { Occurrences } from './occurrences.js';
import { findTimeZone, type TimeZone } from './time-zone.js';
import { DAY, HOUR, MINUTE, SECOND, type WallTime } from './wall-time.js';
import { type Weekday, weekdayNumber } from './weekday.js';

/** A named set of times at which nothing fires. What any of the rules matches is excluded. */
export interface CalendarRules {
  /** Whole days: `'2026-12-25'`, or `'12-25'` in every year. */
  readonly dates?: readonly string[] | undefined;
  readonly weekdays?: readonly Weekday[] | undefined;
  /** Times of day: `'12:00-13:30'`, `'22:00-06:00'`. The end itself is not excluded. */
  readonly times?: readonly string[] | undefined;
  /** Cron expressions: each minute that one of 5 fields matches, each second of one with 6. */
  readonly cron?: readonly string[] | undefined;
  /** The zone on whose clocks this is read. Default: that of the schedule. */
  readonly timeZone?: string | undefined;
}

/** Rules that were read. */
export interface Calendar {
  readonly zone: TimeZone | undefined;
  /** When the exclusion ends in which the wall time lies; undefined if it lies in none. It may end in another one. */
  excludedUntil(wall: WallTime): WallTime | undefined;
}

/** A calendar may exclude everything: the search gives up then, as for an expression that never fires. */
const SEARCH_LIMIT = 20_000;
const SEARCH_MS = 40 * 366 * DAY;

/** @throws InvalidScheduleError that shows what is wrong with which rule */
export function parseCalendar(rules: CalendarRules): Calendar {
  const { dates = [], weekdays = [], times = [], cron = [], timeZone } = rules;
  const exclusions: readonly Exclusion[] = [
    ...dates.map(dateExclusion),
    weekdayExclusion(weekdays),
    ...times.map(timeExclusion),
    ...cron.map(cronExclusion),
  ];
  return {
    zone: timeZone === undefined ? undefined : findTimeZone(timeZone),
    excludedUntil: (wall) => {
      const ends = exclusions.flatMap((exclusion) => exclusion(wall) ?? []);
      return ends.length === 0 ? undefined : Math.max(...ends);
    },
  };
}

/** Those that no calendar excludes. */
export function exclude(
  occurrences: Occurrences,
  calendars: readonly Calendar[],
  zone: TimeZone,
): Occurrences {
  return {
    next: (after) => {
      const giveUpAt = after + SEARCH_MS;
      let next = occurrences.next(after);
      for (let tries = 0; next !== undefined && tries < SEARCH_LIMIT && next < giveUpAt; tries += 1) {
        const end = endOfExclusion(next, calendars, zone);
        if (end === undefined) return next;
        next = occurrences.next(Math.max(end - 1, next));
      }
      return undefined;
    },
  };
}

function endOfExclusion(instant: number, calendars: readonly Calendar[], zone: TimeZone): number | undefined {
  const ends = calendars.flatMap((calendar) => {
    const own = calendar.zone ?? zone;
    const end = calendar.excludedUntil(own.wallTimeAt(instant));
    return end === undefined ? [] : own.read(end).first;
  });
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** The end of the exclusion at a wall time, if it is excluded. */
type Exclusion = (wall: WallTime) => WallTime | undefined;

const DATE = /^(?:(?<year>\d{4})-)?(?<month>\d\d)-(?<day>\d\d)$/;

function dateExclusion(text: string): Exclusion {
  const parts = DATE.exec(text)?.groups;
  // 29 February exists in leap years, such as 2000.
  const date = `${parts?.['year'] ?? '2000'}-${parts?.['month']}-${parts?.['day']}`;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // A day that the month lacks becomes another one.
  if (parts === undefined || Number.isNaN(midnight) || isoDate(midnight) !== date)
    throw new InvalidScheduleError(text, "it is no date. Use '2026-12-25', or '12-25' for every year.");
  const suffix = parts['year'] === undefined ? date.slice(4) : date;
  return (wall) => (isoDate(wall).endsWith(suffix) ? endOfDay(wall) : undefined);
}

function weekdayExclusion(weekdays: readonly Weekday[]): Exclusion {
  const numbers = new Set(weekdays.map(weekdayNumber));
  return (wall) => (numbers.has(new Date(wall).getUTCDay()) ? endOfDay(wall) : undefined);
}

const TIMES = /^(?<from>\d\d:\d\d(?::\d\d)?)-(?<to>\d\d:\d\d(?::\d\d)?)$/;

function timeExclusion(text: string): Exclusion {
  const parts = TIMES.exec(text)?.groups;
  const from = timeOfDay(parts?.['from']);
  const to = timeOfDay(parts?.['to']);
  if (from === undefined || to === undefined || from === to || from === DAY)
    throw new InvalidScheduleError(
      text,
      "it is no time of day. Use '12:00-13:30', or '22:00-06:00' over midnight.",
    );
  return (wall) => {
    const midnight = Math.floor(wall / DAY) * DAY;
    const time = wall - midnight;
    if (from < to) return time >= from && time < to ? midnight + to : undefined;
    if (time < to) return midnight + to;
    return time >= from ? midnight + DAY + to : undefined;
  };
}

function timeOfDay(text: string | undefined): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN, seconds = 0] = (text ?? '').split(':').map(Number);
  const time = hours * HOUR + minutes * MINUTE + seconds * SECOND;
  return minutes < 60 && seconds < 60 && time <= DAY ? time : undefined;
}

function cronExclusion(expression: string): Exclusion {
  const cron = parseCronExpression(expression);
  const unit = expression.trim().split(/\s+/).length === 6 ? SECOND : MINUTE;
  return (wall) => {
    const start = Math.floor(wall / unit) * unit;
    return isAt(cron, start) ? endOfRun(cron, start, unit) : undefined;
  };
}

/** At most a day on, so that whoever excludes everything is told so soon. */
function endOfRun(cron: CronExpression, start: WallTime, unit: number): WallTime {
  if (cron.isAllDay && unit === MINUTE) return endOfDay(start);
  let end = start + unit;
  while (end < start + DAY && isAt(cron, end)) end += unit;
  return end;
}

function isAt(cron: CronExpression, wall: WallTime): boolean {
  return cron.next(wall - 1) === wall;
}

function endOfDay(wall: WallTime): WallTime {
  return (Math.floor(wall / DAY) + 1) * DAY;
}

function isoDate(wall: WallTime): string {
  return new Date(wall).toISOString().slice(0, 10);
}
