import type { Instant } from './wall-time.js';

/** Instants in their order, of which each is found from any instant before it. */
export interface Occurrences {
  /** The first one strictly after the instant; `undefined` if there is none, ever. */
  next(after: Instant): Instant | undefined;
}
