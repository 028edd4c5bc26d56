import type { State } from '../job/state.js';
import { type Act, remove, requeue, retry } from '../job/transition.js';

/** The acts that the dashboard performs on jobs, in the order of their buttons. */
export const dashboardActs = { retry, requeue, delete: remove } as const satisfies Record<string, Act>;

export type DashboardAct = keyof typeof dashboardActs;

export const actNames = ['retry', 'requeue', 'delete'] as const satisfies readonly DashboardAct[];

export interface ActButton {
  readonly label: string;
  readonly title: string;
  readonly href: string;
  /** `get` leads to a page that asks for confirmation. */
  readonly method: 'get' | 'post';
}

const faces: Readonly<Record<DashboardAct, { readonly label: string; readonly title: string }>> = {
  retry: { label: 'Retry', title: 'Try again now; a job that is out of attempts gets one more' },
  requeue: { label: 'Requeue', title: 'Put back into the queue now' },
  delete: { label: 'Delete…', title: 'Cancel, after a confirmation' },
};

/** The acts that apply in a state. Where a retry applies, a requeue would do the same and is not offered. */
export function actsOn(state: State): readonly DashboardAct[] {
  const applicable = actNames.filter((act) => appliesTo(act, state));
  return applicable.includes('retry') ? applicable.filter((act) => act !== 'requeue') : applicable;
}

export function appliesTo(act: DashboardAct, state: State): boolean {
  return dashboardActs[act].from.includes(state);
}

/** Buttons under an address: that of a job, or that of a list. */
export function actButtons(state: State, hrefOf: (act: DashboardAct) => string): readonly ActButton[] {
  return actsOn(state).map((act) => ({
    ...faces[act],
    href: hrefOf(act),
    method: act === 'delete' ? 'get' : 'post',
  }));
}
