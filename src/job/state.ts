/** Where a job is in its life. `docs/states.md` draws the table below. */
export type State =
  | 'awaiting'
  | 'scheduled'
  | 'enqueued'
  | 'processing'
  | 'failed'
  | 'succeeded'
  | 'dead'
  | 'deleted';

interface StateRule {
  readonly meaning: string;
  /** A final job does nothing more by itself; it is removed when its retention is over. */
  readonly final: boolean;
  /** The states that may follow. A transition that is not listed here never happens. */
  readonly next: readonly State[];
}

/** The only statement of which states there are and what may follow what: types, CHECKs, docs and views come from it. */
export const stateRules: Readonly<Record<State, StateRule>> = {
  awaiting: { meaning: 'waits for its parents', final: false, next: ['enqueued', 'scheduled', 'deleted'] },
  scheduled: {
    meaning: 'will be enqueued at its run_at',
    final: false,
    next: ['enqueued', 'scheduled', 'deleted'],
  },
  enqueued: {
    meaning: 'ready; a server may claim it',
    final: false,
    next: ['processing', 'scheduled', 'deleted'],
  },
  processing: {
    meaning: 'claimed by one server, attempt n',
    final: false,
    next: ['succeeded', 'failed', 'dead', 'deleted', 'enqueued', 'scheduled'],
  },
  failed: {
    meaning: 'the attempt failed, the next is planned at its run_at',
    final: false,
    next: ['enqueued', 'scheduled', 'deleted'],
  },
  succeeded: { meaning: 'done', final: true, next: ['enqueued'] },
  dead: { meaning: 'no attempts left: the dead letter', final: true, next: ['enqueued', 'deleted'] },
  deleted: { meaning: 'cancelled', final: true, next: ['enqueued'] },
};

// Object.keys is typed string[]; the Record type above guarantees exactly the states.
export const states = Object.keys(stateRules) as readonly State[];

export function isState(value: string): value is State {
  return Object.hasOwn(stateRules, value);
}

export function isFinal(state: State): boolean {
  return stateRules[state].final;
}
