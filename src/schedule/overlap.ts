/**
 * What becomes of an occurrence while an earlier run of the same recurring job has not ended: it runs beside it (`allow`); it
 * does not run (`skip`); it waits, but only one does (`queue-one`); it runs, and the earlier run is cancelled (`replace`).
 */
export type OverlapPolicy = 'allow' | 'skip' | 'queue-one' | 'replace';

/** What is known of earlier runs. */
export interface EarlierRuns {
  /** Whether one has not ended. */
  readonly isUnfinished: boolean;
  /** Whether an occurrence waits already. */
  readonly hasPending: boolean;
}

export interface Placed {
  readonly fire: readonly Date[];
  readonly skip: readonly Date[];
  readonly pending: Date | undefined;
}

/** Of occurrences that are to be fired now, in their order, which become jobs. */
export function placeOccurrences(
  policy: OverlapPolicy,
  occurrences: readonly Date[],
  { isUnfinished, hasPending }: EarlierRuns,
): Placed {
  switch (policy) {
    case 'allow':
      return { fire: occurrences, skip: [], pending: undefined };
    case 'replace':
      return { fire: occurrences.slice(-1), skip: occurrences.slice(0, -1), pending: undefined };
    case 'skip': {
      const free = isUnfinished ? 0 : 1;
      return { fire: occurrences.slice(0, free), skip: occurrences.slice(free), pending: undefined };
    }
    case 'queue-one': {
      const free = isUnfinished || hasPending ? 0 : 1;
      const waiting = hasPending ? 0 : 1;
      const [pending] = occurrences.slice(free, free + waiting);
      return { fire: occurrences.slice(0, free), skip: occurrences.slice(free + waiting), pending };
    }
  }
}
