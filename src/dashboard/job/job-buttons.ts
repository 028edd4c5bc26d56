import type { State } from '../../job/state.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import type { ActButton } from '../frame/act-button.js';
import type { Url } from '../frame/url.js';
import { actsOn } from '../jobs/acts.js';

/** What can be done to a job from its page. */
export function jobButtons(
  { id, state }: { readonly id: string; readonly state: State },
  rights: Rights,
  url: Url,
): readonly ActButton[] {
  if (!rights.has('act')) return [];
  const acts = actsOn(state);
  // What cannot be undone comes last.
  const ordered = [
    ...acts.filter((act) => act !== 'delete'),
    'again',
    ...acts.filter((act) => act === 'delete'),
  ] as const;
  return ordered.map((act) => ({
    ...t.jobs.acting[act],
    href: url(`/${id}/${act}`),
    method: act === 'retry' || act === 'requeue' ? 'post' : 'get',
    isDanger: act === 'delete',
  }));
}
