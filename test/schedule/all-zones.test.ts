import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextOccurrences } from '../../src/schedule/next-occurrences.js';
import { occurrencesByTheRules, type Tick, watchClock } from './clock-oracle.js';
import { randomCron } from './random-cron.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Longer than any stretch of wall time that a change since 2020 has repeated: the oracle must have seen its first pass. */
const WIDTH = 4 * HOUR;

const years = { from: Date.UTC(2020, 0, 1), until: Date.UTC(2036, 0, 1) };

/** The instants between which the offset of a zone changes, as `Intl` shows it. */
function changesOf(timeZone: string): number[] {
  const days = watchClock({ timeZone, ...years, step: DAY });
  const changed = days.flatMap((tick, n) => {
    const before = days[n - 1];
    return before !== undefined && offset(before) !== offset(tick) ? [{ before, after: tick }] : [];
  });
  return changed.map(({ before, after }) => changeBetween(timeZone, before, after));
}

function changeBetween(timeZone: string, before: Tick, after: Tick): number {
  const ticks = watchClock({ timeZone, from: before.instant, until: after.instant, step: 15 * MINUTE });
  return ticks.find((tick) => offset(tick) !== offset(before))?.instant ?? after.instant;
}

function offset({ instant, wall }: Tick): number {
  return wall - instant;
}

const changes = Intl.supportedValuesOf('timeZone').flatMap((timeZone) =>
  changesOf(timeZone).map((at) => ({ timeZone, at })),
);

it('there are changes of the clocks to look at', () => {
  expect(changes.length).toBeGreaterThan(2000);
});

it('around every change of the clocks of every zone from 2020 to 2035 it fires as the rules say', () => {
  for (const { timeZone, at } of changes) {
    const [from, until] = [at - WIDTH, at + WIDTH];
    const ticks = watchClock({ timeZone, from, until, step: MINUTE });
    fc.assert(
      fc.property(randomCron({ withSeconds: false, hours: hoursAround(ticks, at) }), (cron) => {
        const expected = occurrencesByTheRules(cron, ticks);
        const answer = nextOccurrences(cron.expression, {
          timeZone,
          from: new Date(from),
          count: expected.length + 1,
        });
        const upcoming = answer.map((date) => date.getTime()).filter((instant) => instant <= until);
        expect(upcoming, `${cron.expression} in ${timeZone} around ${new Date(at).toISOString()}`).toEqual(
          expected,
        );
      }),
      { numRuns: 1 },
    );
  }
}, 240_000);

function hoursAround(ticks: readonly Tick[], at: number): { first: number; last: number } {
  const hours = ticks
    .filter(({ instant }) => Math.abs(instant - at) <= 2 * HOUR)
    .map(({ wall }) => new Date(wall).getUTCHours());
  return { first: Math.min(...hours), last: Math.max(...hours) };
}
