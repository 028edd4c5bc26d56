import { InvalidScheduleError } from '../errors.js';
import { hash } from './hash.js';
import type { Occurrences } from './occurrences.js';

/** The same schedule, later by a part of the jitter that the id draws: what starts at minute 0 everywhere is spread. */
export function spread(occurrences: Occurrences, jitterMs: number, id: string | undefined): Occurrences {
  if (id === undefined)
    throw new InvalidScheduleError(jitterMs, 'jitter is drawn by the id of a recurring job. Pass { id }.');
  const delayMs = hash(`${id}\njitter`) % (jitterMs + 1);
  return {
    next: (after) => {
      const next = occurrences.next(after - delayMs);
      return next === undefined ? undefined : next + delayMs;
    },
  };
}
