import { expect, test } from 'vitest';
import { parseOptions } from './options.js';
import { type Disturbance, disturbances, planOf } from './plan.js';

const twentyMinutes = parseOptions(['--minutes', '20', '--seed', '7'], undefined);

function count(plan: ReturnType<typeof planOf>, disturbance: Disturbance): number {
  return plan.filter((strike) => strike.disturbance === disturbance).length;
}

test('a seed gives the same plan each time, and another seed another', () => {
  const times = (seed: number) => planOf({ ...twentyMinutes, seeds: [seed] }).map(({ atMs }) => atMs);
  expect(times(7)).toEqual(times(7));
  expect(times(8)).not.toEqual(times(7));
});

test('twenty minutes are 500 kills of servers and 20 restarts of Postgres at least', () => {
  const plan = planOf(twentyMinutes);
  const kills =
    count(plan, 'kill') +
    count(plan, 'vanish') +
    2 * count(plan, 'kill two at once') +
    2 * count(plan, 'kill, and again right after the start');
  expect(kills).toBeGreaterThanOrEqual(500);
  expect(count(plan, 'restart Postgres')).toBeGreaterThanOrEqual(20);
});

test('a short plan has at least one of each disturbance that is wanted', () => {
  const plan = planOf(parseOptions(['--minutes', '0.1', '--rate', 'vanish=0'], undefined));
  for (const each of disturbances)
    expect(count(plan, each)).toBeGreaterThanOrEqual(each === 'vanish' ? 0 : 1);
  expect(count(plan, 'vanish')).toBe(0);
});

test('what lasts is over before the end', () => {
  for (const { atMs, forMs } of planOf(twentyMinutes))
    expect(atMs + forMs).toBeLessThanOrEqual(twentyMinutes.durationMs);
});
