import { expect, test } from 'vitest';
import { fileDatabase } from '../database.js';
import { openFirelock } from '../firelock.js';
import { runTicks } from './ticks.js';

const url = await fileDatabase();

test('I7: with three servers of which one is killed every 2 to 5 s, no second is missing and none comes twice', async () => {
  const firelock = openFirelock(url);
  const report = await runTicks({
    connectionString: url,
    firelock,
    count: 25,
    servers: 3,
    killEvery: [2, 5],
  });
  expect(report.kills).toBeGreaterThan(3);
  expect(report.missing).toEqual([]);
  expect(report.doubled).toEqual([]);
}, 90_000);
