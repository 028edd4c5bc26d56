import { beforeEach, expect, test } from 'vitest';
import { bucketOf, emptyHistogram } from '../../src/job/histogram.js';
import { addStatistics, type Counted, expireStatistics } from '../../src/storage/statistics.js';
import { readSeries } from '../../src/storage/statistics-series.js';
import { totalsByName, totalsByQueue } from '../../src/storage/statistics-totals.js';
import type { Statement } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

beforeEach(() => client.query('delete from firelock.statistics'));

/** Attempts of a job, all of which waited and ran for as long. */
function attempts(facts: Partial<Counted> & { readonly ms?: number }): Counted {
  const { queue = 'default', name = 'job', succeeded = 0, failed = 0, dead = 0, ms = 15 } = facts;
  const histogram = emptyHistogram();
  histogram[bucketOf(ms)] = succeeded + failed + dead;
  return { queue, name, succeeded, failed, dead, waits: histogram, runs: histogram };
}

/** Lets everything that is kept be of earlier, by this long, in spans that began then. */
async function age(interval: string): Promise<void> {
  await client.query(`update firelock.statistics set at = at - $1::interval`, [interval]);
}

const quarters = { span: 'minute', step: 15, bars: 4 } as const;

test('what is added is in the spans that are under way, of ten seconds to a day, in UTC', async () => {
  await client.query("set time zone 'Asia/Kathmandu'");
  const elsewhere = {
    run: async <Row>({ text }: Statement, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as Row[],
  };
  await addStatistics(elsewhere, [attempts({ succeeded: 2, failed: 1 })]);
  const { rows } = await client.query<{ span: string; width: string }>(`
    select span, succeeded::integer, failed::integer, dead::integer, now() - at < case span
      when '10s' then interval '10 s' when 'minute' then interval '1 min'
      when 'hour' then interval '1 h' else interval '1 day' end as latest,
      to_char(at at time zone 'UTC', 'HH24:MI:SS') as time
    from firelock.statistics order by span`);
  const counts = { succeeded: 2, failed: 1, dead: 0, latest: true };
  const time = (pattern: RegExp) => expect.stringMatching(pattern);
  expect(rows).toEqual([
    { span: '10s', ...counts, time: time(/^\d\d:\d\d:\d0$/) },
    { span: 'day', ...counts, time: '00:00:00' },
    { span: 'hour', ...counts, time: time(/^\d\d:00:00$/) },
    { span: 'minute', ...counts, time: time(/^\d\d:\d\d:00$/) },
  ]);
});

test('what several servers add is summed, with how long jobs waited and ran', async () => {
  await addStatistics(database, [attempts({ succeeded: 9, ms: 15 })]);
  await addStatistics(database, [attempts({ succeeded: 1, ms: 150 }), attempts({ name: 'other', dead: 1 })]);
  const [first, second] = await totalsByName(database, { period: quarters, limit: 10 });
  expect(first).toMatchObject({ name: 'other', dead: 1 });
  expect(second).toMatchObject({
    name: 'job',
    succeeded: 10,
    waited: { p50: 10 + (5 / 9) * 10, p95: 150 },
    ran: { p50: 10 + (5 / 9) * 10, p95: 150 },
  });
});

test('a series has a bar for every stretch of time, zeros where nothing ended, and none for what is earlier', async () => {
  await addStatistics(database, [attempts({ succeeded: 7 })]);
  await age('45 min');
  await addStatistics(database, [attempts({ failed: 1 })]);
  await age('30 min');
  await addStatistics(database, [attempts({ succeeded: 3 }), attempts({ name: 'other', dead: 2 })]);
  const series = await readSeries(database, { period: quarters });
  expect(series.map(({ at: _at, ...counts }) => counts)).toEqual([
    { succeeded: 0, failed: 0, dead: 0 },
    { succeeded: 0, failed: 1, dead: 0 },
    { succeeded: 0, failed: 0, dead: 0 },
    { succeeded: 3, failed: 0, dead: 2 },
  ]);
  const starts = series.map(({ at }) => at.getTime());
  expect(starts.every((start) => start % 900_000 === 0)).toBe(true);
  expect(Date.now() - (starts.at(-1) ?? 0)).toBeLessThan(900_000);
  expect(starts.map((start) => start - (starts[0] ?? 0))).toEqual([0, 900_000, 1_800_000, 2_700_000]);
});

test('a series may be of one queue, or of one name', async () => {
  await addStatistics(database, [
    attempts({ queue: 'mails', name: 'welcome', succeeded: 1 }),
    attempts({ queue: 'mails', name: 'remind', succeeded: 2 }),
    attempts({ queue: 'default', name: 'remind', succeeded: 4 }),
  ]);
  const period = { span: '10s', step: 360, bars: 1 } as const;
  const sum = async (only: object) => (await readSeries(database, { period, ...only }))[0]?.succeeded;
  expect(await sum({ queue: 'mails' })).toBe(3);
  expect(await sum({ name: 'remind' })).toBe(6);
  expect(await sum({ queue: 'mails', name: 'remind' })).toBe(2);
  expect(await sum({ queue: 'none' })).toBe(0);
});

test('bars of a week begin on Mondays', async () => {
  const [week] = await readSeries(database, { period: { span: 'day', step: 7, bars: 1 } });
  expect(week?.at.getUTCDay()).toBe(1);
});

test('the most failing names come first, then the most frequent, up to a limit', async () => {
  await addStatistics(database, [
    attempts({ name: 'busy', succeeded: 100 }),
    attempts({ name: 'rare', succeeded: 1 }),
    attempts({ name: 'failing', succeeded: 9, failed: 2 }),
    attempts({ name: 'hopeless', failed: 1, dead: 2 }),
  ]);
  const names = async (limit: number) =>
    (await totalsByName(database, { period: quarters, limit })).map(({ name }) => name);
  expect(await names(10)).toEqual(['hopeless', 'failing', 'busy', 'rare']);
  expect(await names(2)).toEqual(['hopeless', 'failing']);
});

test('a queue tells how much ends a minute of the time that has passed, and how long that took', async () => {
  await addStatistics(database, [
    attempts({ queue: 'mails', name: 'welcome', succeeded: 50, ms: 1500 }),
    attempts({ queue: 'mails', name: 'remind', succeeded: 50, ms: 1500 }),
  ]);
  const period = { span: 'minute', step: 10, bars: 3 } as const;
  const [bar] = await readSeries(database, { period });
  const minutes = (Date.now() - (bar?.at.getTime() ?? 0)) / 60_000;
  const [mails, ...others] = await totalsByQueue(database, { period, limit: 10 });
  expect(others).toEqual([]);
  expect(mails).toMatchObject({ queue: 'mails', succeeded: 100, ran: { p50: 1500, p95: 1950 } });
  expect(mails?.perMinute).toBeCloseTo(100 / minutes, 1);
});

test('dead letters of which nothing else is known have no times', async () => {
  await addStatistics(database, [
    { ...attempts({ dead: 1 }), waits: emptyHistogram(), runs: emptyHistogram() },
  ]);
  const [totals] = await totalsByQueue(database, { period: quarters, limit: 1 });
  expect(totals).toMatchObject({ dead: 1, waited: undefined, ran: undefined });
});

test('statistics are removed when their retention is over, the oldest first, in batches, and of one span alone', async () => {
  await addStatistics(database, [attempts({ name: 'a', dead: 1 }), attempts({ name: 'b', dead: 1 })]);
  await age('2 h');
  await addStatistics(database, [attempts({ name: 'c', dead: 1 })]);
  const expire = (limit: number) =>
    expireStatistics(database, { span: '10s', retentionMs: 3_600_000, limit });
  const kept = async (span: string) =>
    (
      await client.query('select name from firelock.statistics where span = $1 order by name', [span])
    ).rows.map(({ name }) => name);
  expect(await expire(1)).toBe(1);
  expect(await kept('10s')).toEqual(['b', 'c']);
  expect(await expire(10)).toBe(1);
  expect(await kept('10s')).toEqual(['c']);
  expect(await kept('minute')).toEqual(['a', 'b', 'c']);
});
