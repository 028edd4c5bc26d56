import type { State } from '../job/state.js';

/** How a state is shown: the name of its list, what it means for the one who looks, and what an empty list says. */
export interface StateTab {
  readonly label: string;
  /** Said of one job, where it is not the same word. */
  readonly singular?: string;
  readonly meaning: string;
  readonly empty: string;
}

/** In the order of the navigation. */
export const stateTabs: Readonly<Record<State, StateTab>> = {
  enqueued: {
    label: 'Enqueued',
    meaning: 'Ready to run, in the order in which servers claim them.',
    empty: 'No job waits for a server.',
  },
  scheduled: {
    label: 'Scheduled',
    meaning: 'Enqueued when their time comes, the next one first.',
    empty: 'No job is planned for later.',
  },
  processing: {
    label: 'Processing',
    meaning: 'Claimed by a server: an attempt is under way.',
    empty: 'No server is running a job right now.',
  },
  failed: {
    label: 'Failed',
    meaning: 'The last attempt failed and another one is planned, the next one first.',
    empty: 'No job waits to be tried again.',
  },
  dead: {
    label: 'Dead letters',
    singular: 'Dead letter',
    meaning:
      'No attempts left, the latest first. They wait for someone to act, until their retention is over.',
    empty: 'No dead letters: no job has run out of attempts.',
  },
  succeeded: {
    label: 'Succeeded',
    meaning: 'Done, the latest first, until their retention is over.',
    empty: 'No job has succeeded lately.',
  },
  deleted: {
    label: 'Deleted',
    meaning: 'Cancelled, the latest first, until their retention is over.',
    empty: 'No job was deleted lately.',
  },
  awaiting: {
    label: 'Awaiting',
    meaning: 'Waiting for the jobs that they follow.',
    empty: 'No job waits for another one.',
  },
};

// Object.keys is typed string[]; the Record type above guarantees exactly the states.
export const tabOrder = Object.keys(stateTabs) as readonly State[];
