import { expect, test } from 'vitest';
import { bucketOf, emptyHistogram } from '../../../src/job/histogram.js';
import { addStatistics } from '../../../src/storage/statistics.js';
import { fileDatabase, fileStorage } from '../../database.js';
import { callApi, type Said } from './caller.js';

const url = await fileDatabase();
const database = fileStorage(url);

const histogram = emptyHistogram();
histogram[bucketOf(15)] = 3;
const times = { waits: histogram, runs: histogram };

test('the attempts of a period are told bar by bar, and in all, by queue and by name', async () => {
  const { get } = callApi(url);
  await addStatistics(database, [
    { queue: 'emails', name: 'welcome', succeeded: 2, failed: 1, dead: 0, ...times },
    { queue: 'reports', name: 'daily', succeeded: 0, failed: 0, dead: 3, ...times },
  ]);
  for (const [period, bars] of Object.entries({ minutes: 60, day: 24, week: 84, month: 30 })) {
    const series = await get(`/statistics/series?period=${period}`);
    const told = series['bars'] as readonly { readonly succeeded: number; readonly dead: number }[];
    expect(told).toHaveLength(bars);
    expect(told.reduce((sum, { succeeded, dead }) => sum + succeeded + dead, 0)).toBe(5);
  }
  const sum = ({ bars }: Said) =>
    (bars as readonly { dead: number }[]).reduce((all, { dead }) => all + dead, 0);
  expect(sum(await get('/statistics/series?period=day&queue=emails'))).toBe(0);
  expect(sum(await get('/statistics/series?period=day&name=daily'))).toBe(3);
  expect(await get('/statistics/totals?period=day&by=queue')).toMatchObject({
    totals: [
      { key: 'emails', succeeded: 2, failed: 1, dead: 0, perMinute: expect.any(Number), waited: { p50: 15 } },
      { key: 'reports', dead: 3 },
    ],
  });
  expect(await get('/statistics/totals?period=day&by=name&size=1')).toMatchObject({
    totals: [{ key: 'daily' }],
  });
});

test('a period, a queue or an order that there is not is refused', async () => {
  const { get } = callApi(url);
  await get('/statistics/series', 400);
  await get('/statistics/series?period=year', 400);
  await get('/statistics/series?period=day&queue=%00', 400);
  await get('/statistics/totals?period=day', 400);
  await get('/statistics/totals?period=day&by=name&size=5000', 400);
});
