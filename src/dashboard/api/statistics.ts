import { z } from 'zod';
import { nameSchema } from '../../job/option-schema.js';
import { readSeries } from '../../storage/statistics-series.js';
import { totalsByName, totalsByQueue } from '../../storage/statistics-totals.js';
import { historyPeriods, LAST_MINUTES } from '../home/periods.js';
import { operation } from './operation.js';
import { about, instant, named, sizeUpTo } from './schema.js';

const periods = { minutes: LAST_MINUTES, ...historyPeriods };

const period = about(
  'The latest ten minutes in bars of 10 s, day of an hour, week of 2 h, month of a day.',
  z.enum(['minutes', 'day', 'week', 'month']),
);

const percentiles = named('Percentiles', z.object({ p50: z.number(), p95: z.number(), p99: z.number() }));

const counts = { succeeded: z.int(), failed: z.int(), dead: z.int() };

/** Totals of the attempts that ended. */
export const endedAttempts = {
  ...counts,
  perMinute: z.number(),
  waited: about('How long jobs waited from when they were ready, in ms.', percentiles.optional()),
  ran: about('How long handlers ran, in ms.', percentiles.optional()),
};

const series = operation({
  id: 'readSeries',
  method: 'get',
  path: '/statistics/series',
  right: 'view',
  summary: 'How the attempts of a period ended, bar by bar',
  input: z.strictObject({
    period,
    queue: about('Only of this queue.', nameSchema.optional()),
    name: about('Only of jobs of this name.', nameSchema.optional()),
  }),
  answer: z.object({ bars: z.array(z.object({ at: about('When it begins.', instant), ...counts })) }),
  handle: async ({ period, queue, name }, { database }) => ({
    bars: await readSeries(database, { period: periods[period], queue, name }),
  }),
});

const totals = operation({
  id: 'readTotals',
  method: 'get',
  path: '/statistics/totals',
  right: 'view',
  summary: 'How the attempts of a period ended and how long they took, by queue or by name',
  input: z.strictObject({ period, by: z.enum(['queue', 'name']), size: sizeUpTo(1000) }),
  answer: z.object({
    totals: z.array(z.object({ key: about("The queue's or the jobs' name.", z.string()), ...endedAttempts })),
  }),
  handle: async ({ period, by, size }, { database }) => {
    const query = { period: periods[period], limit: size };
    if (by === 'queue')
      return { totals: (await totalsByQueue(database, query)).map((each) => ({ ...each, key: each.queue })) };
    return { totals: (await totalsByName(database, query)).map((each) => ({ ...each, key: each.name })) };
  },
});

export const statisticsOperations = [series, totals];
