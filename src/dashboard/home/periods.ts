import type { Period } from '../../storage/statistics-period.js';

/** The bars of the graph that moves: ten minutes in spans of ten seconds. */
export const LAST_MINUTES: Period = { span: '10s', step: 1, bars: 60 };

/**
 * The histories that may be chosen, in bars that are wide enough to be told apart. A day is read in hours: in minutes it would
 * be sixty times as many rows, each with two histograms.
 */
export const historyPeriods = {
  day: { span: 'hour', step: 1, bars: 24 },
  week: { span: 'hour', step: 2, bars: 84 },
  month: { span: 'day', step: 1, bars: 30 },
} as const satisfies Readonly<Record<string, Period>>;

export type HistoryPeriod = keyof typeof historyPeriods;

export function historyPeriodOf(text: string | null): HistoryPeriod {
  return text === 'week' || text === 'month' ? text : 'day';
}
