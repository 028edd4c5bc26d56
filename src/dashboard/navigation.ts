import type { State } from '../job/state.js';
import { formatCount } from './count.js';
import { stateTabs, tabOrder } from './state-tabs.js';
import type { Url } from './url.js';

/** Which entry of the navigation a page belongs to. */
export type Section = 'home' | 'recurring' | 'servers' | State;

export type Counts = Readonly<Record<State, number>>;

interface Link {
  readonly label: string;
  readonly href: string;
  readonly current: boolean;
}

interface StateLink extends Link {
  readonly state: State;
  /** Undefined where the database could not be asked. */
  readonly count: string | undefined;
}

export interface Navigation {
  readonly home: Link;
  readonly states: readonly StateLink[];
  readonly others: readonly Link[];
}

export interface NavigationFacts {
  readonly url: Url;
  readonly section: Section | undefined;
  readonly counts: Counts | undefined;
}

export function navigation({ url, section, counts }: NavigationFacts): Navigation {
  const link = (label: string, path: string, at: Section): Link => ({
    label,
    href: url(path),
    current: section === at,
  });
  const shown = tabOrder.filter(
    (state) => state !== 'awaiting' || section === state || (counts?.awaiting ?? 0) > 0,
  );
  return {
    home: link('Home', '/', 'home'),
    states: shown.map((state) => ({
      ...link(stateTabs[state].label, `/${state}`, state),
      state,
      count: counts === undefined ? undefined : formatCount(counts[state]),
    })),
    others: [link('Recurring jobs', '/recurring', 'recurring'), link('Servers', '/servers', 'servers')],
  };
}
