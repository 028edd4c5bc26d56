import type { State } from '../../job/state.js';
import { type Act, remove, requeue, reschedule, retry } from '../../job/transition.js';
import { english as t } from '../english.js';
import type { ActButton } from '../frame/act-button.js';

/** The acts that move jobs to another state, and those that change them where they are, in the order of their buttons. */
const jobActs = ['retry', 'requeue', 'reschedule', 'change', 'delete'] as const;

export type JobAct = (typeof jobActs)[number];

/** Those that need nothing but the jobs: the lists offer them for what is ticked, and for all that match. */
export const listActs = ['retry', 'requeue', 'delete'] as const satisfies readonly JobAct[];

export type ListAct = (typeof listActs)[number];

const transitions: Readonly<Record<Exclude<JobAct, 'change'>, Act>> = {
  retry,
  requeue,
  reschedule,
  delete: remove,
};

const CHANGEABLE: readonly State[] = ['awaiting', 'scheduled', 'enqueued', 'failed'];

export function transitionOf(act: Exclude<JobAct, 'change'>): Act {
  return transitions[act];
}

/** The acts that apply in a state. Where a retry applies, a requeue would do the same and is not offered. */
export function actsOn(state: State): readonly JobAct[] {
  const applicable = jobActs.filter((act) => appliesTo(act, state));
  return applicable.includes('retry') ? applicable.filter((act) => act !== 'requeue') : applicable;
}

export function appliesTo(act: JobAct, state: State): boolean {
  return (act === 'change' ? CHANGEABLE : transitions[act].from).includes(state);
}

/** Those of `actsOn` that a list offers. */
export function listActsOn(state: State): readonly ListAct[] {
  const applicable = actsOn(state);
  return listActs.filter((act) => applicable.includes(act));
}

/** The buttons of a list, for the jobs that are ticked. */
export function listButtons(state: State, hrefOf: (act: ListAct) => string): readonly ActButton[] {
  return listActsOn(state).map((act) => ({
    ...t.jobs.acting[act],
    href: hrefOf(act),
    method: act === 'delete' ? 'get' : 'post',
    isDanger: act === 'delete',
  }));
}
