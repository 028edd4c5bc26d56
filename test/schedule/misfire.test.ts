import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueOccurrences, type MisfireRules } from '../../src/schedule/misfire.js';
import { parseSchedule } from '../../src/schedule/schedule.js';

const once: MisfireRules = { misfire: 'once', graceMs: 60_000, limit: 100 };
const skip: MisfireRules = { ...once, misfire: 'skip' };
const all: MisfireRules = { ...once, misfire: 'all' };
const hourly = parseSchedule('@hourly');
/** Ten hourly occurrences, 00:00 to 09:00. */
const downtime = { due: hour(0), now: new Date('2026-01-01T09:20:00Z') };

function hour(n: number): Date {
  return new Date(Date.UTC(2026, 0, 1, n));
}

describe('after a downtime over 10 occurrences', () => {
  it('once: the latest makes up for all of them', () => {
    expect(dueOccurrences(hourly, once, downtime)).toEqual({
      fire: [hour(9)],
      missed: { first: hour(0), last: hour(8), count: 9 },
      next: hour(10),
    });
  });

  it('skip: none is fired, and the next comes at its time', () => {
    expect(dueOccurrences(hourly, skip, downtime)).toEqual({
      fire: [],
      missed: { first: hour(0), last: hour(9), count: 10 },
      next: hour(10),
    });
  });

  it('skip: those within the grace are fired', () => {
    expect(dueOccurrences(hourly, { ...skip, graceMs: 2 * 3_600_000 }, downtime)).toEqual({
      fire: [hour(8), hour(9)],
      missed: { first: hour(0), last: hour(7), count: 8 },
      next: hour(10),
    });
  });

  it('all: each is fired', () => {
    const fire = Array.from({ length: 10 }, (_, n) => hour(n));
    expect(dueOccurrences(hourly, all, downtime)).toEqual({ fire, missed: undefined, next: hour(10) });
  });

  it('all: of more than the limit, the latest', () => {
    expect(dueOccurrences(hourly, { ...all, limit: 3 }, downtime)).toEqual({
      fire: [hour(7), hour(8), hour(9)],
      missed: { first: hour(0), last: hour(6), count: 7 },
      next: hour(10),
    });
  });
});

it.each([once, skip, all])(
  '$misfire: what is late by a change of the leading server is fired, all of it',
  (rules) => {
    const everySecond = parseSchedule('@every_second');
    const due = new Date('2026-01-01T00:00:00Z');
    const { fire, missed } = dueOccurrences(everySecond, rules, { due, now: new Date(due.getTime() + 4200) });
    expect(fire.map((date) => date.getTime() - due.getTime())).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(missed).toBeUndefined();
  },
);

it('a year of seconds is looked through without walking it, and counted up to a limit', () => {
  const everySecond = parseSchedule('@every_second');
  const stretch = { due: new Date('2025-01-01T00:00:00Z'), now: new Date('2026-01-01T00:00:00Z') };
  const { fire, missed } = dueOccurrences(everySecond, once, stretch);
  expect(fire).toEqual([stretch.now]);
  expect(missed).toEqual({
    first: stretch.due,
    last: new Date('2025-12-31T23:59:59Z'),
    count: 10_000,
  });
});

it('fires the last of a schedule that has ended', () => {
  const ended = parseSchedule('@hourly', { endAt: hour(3) });
  expect(dueOccurrences(ended, once, downtime)).toMatchObject({ fire: [hour(3)], next: undefined });
});

it('what is fired and what is missed are together what was due, whatever the rules', () => {
  const minute = 60_000;
  fc.assert(
    fc.property(
      fc.constantFrom('*/7 * * * *', '@hourly', 'every 40s', '30 1-3 * * *'),
      fc.record<MisfireRules>({
        misfire: fc.constantFrom('once', 'skip', 'all'),
        graceMs: fc.integer({ min: 0, max: 120 * minute }),
        limit: fc.integer({ min: 1, max: 20 }),
      }),
      fc.integer({ min: 0, max: 600 * minute }),
      (text, rules, downMs) => {
        const schedule = parseSchedule(text, { timeZone: 'Europe/Paris' });
        const due = schedule.next(new Date('2026-10-24T20:00:00Z')) ?? new Date();
        const now = new Date(due.getTime() + downMs);
        const expected: Date[] = [];
        let next: Date | undefined = due;
        for (; next !== undefined && next <= now; next = schedule.next(next)) expected.push(next);
        const answer = dueOccurrences(schedule, rules, { due, now });
        const { fire, missed } = answer;
        expect(fire).toEqual(expected.slice(expected.length - fire.length));
        expect((missed?.count ?? 0) + fire.length).toBe(expected.length);
        expect(answer.next).toEqual(next);
        if (missed !== undefined)
          expect([missed.first, missed.last]).toEqual([due, expected[missed.count - 1]]);
      },
    ),
  );
});
