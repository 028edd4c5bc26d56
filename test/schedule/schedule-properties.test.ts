import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule, type Schedule } from '../../src/schedule/schedule.js';
import { CHANGES_OF_A_DAY, CLOCK_CHANGES } from './clock-changes.js';
import { occurrencesByTheRules, watchClock } from './clock-oracle.js';
import { randomCron } from './random-cron.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The width fits the longest repeated stretch, so that the oracle has seen its first pass. */
const RESOLUTIONS = [
  {
    resolution: 'minute',
    changes: [...CLOCK_CHANGES, ...CHANGES_OF_A_DAY],
    watch: { step: MINUTE, width: 28 * HOUR },
    numRuns: 60,
  },
  { resolution: 'second', changes: CLOCK_CHANGES, watch: { step: SECOND, width: 130 * MINUTE }, numRuns: 20 },
];

describe.each(RESOLUTIONS)('$resolution by $resolution', ({ resolution, changes, watch, numRuns }) => {
  it.each(changes)('fires around $change as the rules say', ({ timeZone, at, hours }) => {
    const [from, until] = [at - watch.width, at + watch.width];
    const ticks = watchClock({ timeZone, from, until, step: watch.step });
    const crons = randomCron({ withSeconds: resolution === 'second', hours });
    fc.assert(
      fc.property(
        crons,
        fc.array(fc.integer({ min: from, max: until }), { maxLength: 8 }),
        (cron, starts) => {
          const schedule = parseSchedule(cron.expression, { timeZone });
          const expected = occurrencesByTheRules(cron, ticks);
          for (const start of [from, at - HOUR, at - 1, at, ...starts]) {
            const upcoming = expected.filter((occurrence) => occurrence > start).slice(0, 20);
            expect(follow(schedule, start, upcoming.length)).toEqual(upcoming);
          }
          expect(nextOf(schedule, new Date(expected.at(-1) ?? from))).toBeGreaterThan(until);
        },
      ),
      { numRuns },
    );
  });
});

describe('in any zone, at any time', () => {
  const timeZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const instant = fc.date({ min: new Date('1970-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
  const cron = fc.boolean().chain((withSeconds) => randomCron({ withSeconds }));

  it('fires strictly later, and never earlier for a later start', () => {
    fc.assert(
      fc.property(timeZone, cron, fc.tuple(instant, instant), (timeZone, { expression }, starts) => {
        const schedule = parseSchedule(expression, { timeZone });
        const [early, late] = starts
          .toSorted((a, b) => a.getTime() - b.getTime())
          .map((start) => ({ start, next: nextOf(schedule, start) }));
        expect(early?.next).toBeGreaterThan(early?.start.getTime() ?? Number.NaN);
        expect(late?.next).toBeGreaterThan(late?.start.getTime() ?? Number.NaN);
        expect(early?.next).toBeLessThanOrEqual(late?.next ?? Number.NaN);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same answer from anywhere between two occurrences', () => {
    fc.assert(
      fc.property(
        timeZone,
        cron,
        fc.tuple(instant, fc.double({ min: 0, max: 1, noNaN: true })),
        (timeZone, { expression }, [start, part]) => {
          const schedule = parseSchedule(expression, { timeZone });
          const [first, second] = follow(schedule, start.getTime(), 2);
          if (first === undefined || second === undefined) return;
          const between = Math.min(first + Math.floor(part * (second - first)), second - 1);
          expect(schedule.next(new Date(between))?.getTime()).toBe(second);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

function follow(schedule: Schedule, start: number, count: number): number[] {
  const occurrences: number[] = [];
  let next = schedule.next(new Date(start));
  while (next !== undefined && occurrences.length < count) {
    occurrences.push(next.getTime());
    next = schedule.next(next);
  }
  return occurrences;
}

/** An expression that never fires does so after everything else. */
function nextOf(schedule: Schedule, after: Date): number {
  return schedule.next(after)?.getTime() ?? Number.POSITIVE_INFINITY;
}
