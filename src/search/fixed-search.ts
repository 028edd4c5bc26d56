import { instantOf } from './moment.js';
import type { Search } from './search.js';

/** The search with instants in the place of times ago: it means the same whenever it is read again. */
export function fixedAt({ conditions }: Search, now: Date): Search {
  return {
    conditions: conditions.map((condition) =>
      'moment' in condition ? { ...condition, moment: { at: instantOf(condition.moment, now) } } : condition,
    ),
  };
}
