import type { Period } from '../../storage/statistics-period.js';

/** The bars of the graph that moves: ten minutes in spans of ten seconds. */
export const LAST_MINUTES: Period = { span: '10s', step: 1, bars: 60 };

/** The last day, in hours: read in minutes it is sixty times as many rows, each with two histograms. */
export const LAST_DAY: Period = { span: 'hour', step: 1, bars: 24 };

/** The histories that may be chosen, in bars that are wide enough to be told apart. */
export const historyPeriods = {
  day: { span: 'minute', step: 15, bars: 96 },
  week: { span: 'hour', step: 2, bars: 84 },
  month: { span: 'day', step: 1, bars: 30 },
} as const satisfies Readonly<Record<string, Period>>;

export type HistoryPeriod = keyof typeof historyPeriods;

export function historyPeriodOf(text: string | null): HistoryPeriod {
  return text === 'week' || text === 'month' ? text : 'day';
}
