import type { State } from '../../job/state.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import { formatCount } from '../format/count.js';
import { stateOrder } from '../format/states.js';
import type { Url } from './url.js';

/** Which entry of the navigation a page belongs to. */
export type Section = 'home' | 'queues' | 'jobs' | 'recurring' | 'servers' | 'audit' | State;

export type Counts = Readonly<Record<State, number>>;

interface Link {
  readonly label: string;
  readonly href: string;
  readonly current: boolean;
}

interface StateLink extends Link {
  readonly state: State | 'any';
  /** Undefined where the database could not be asked. */
  readonly count: string | undefined;
}

export interface Navigation {
  readonly home: Link;
  readonly before: readonly Link[];
  readonly states: readonly StateLink[];
  readonly after: readonly Link[];
}

export interface NavigationFacts {
  readonly url: Url;
  readonly rights: Rights;
  readonly section: Section | undefined;
  readonly counts: Counts | undefined;
}

export function navigation({ url, rights, section, counts }: NavigationFacts): Navigation {
  const link = (label: string, path: string, at: Section): Link => ({
    label,
    href: url(path),
    current: section === at,
  });
  const shown = stateOrder.filter(
    (state) => state !== 'awaiting' || section === state || (counts?.awaiting ?? 0) > 0,
  );
  const states = shown.map((state) => ({
    ...link(t.states[state].label, `/${state}`, state),
    state,
    count: counts === undefined ? undefined : formatCount(counts[state]),
  }));
  const home = link(t.frame.home, '/', 'home');
  return {
    home,
    before: [home, link(t.frame.queues, '/queues', 'queues')],
    states: [...states, { ...link(t.frame.allJobs, '/jobs', 'jobs'), state: 'any', count: undefined }],
    after: [
      link(t.frame.recurring, '/recurring', 'recurring'),
      link(t.frame.servers, '/servers', 'servers'),
      ...(rights.has('view-audit') ? [link(t.frame.audit, '/audit', 'audit')] : []),
    ],
  };
}
