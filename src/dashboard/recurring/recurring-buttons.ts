import { english as t } from '../english.js';
import type { ActButton } from '../frame/act-button.js';
import type { Url } from '../frame/url.js';

const { acts } = t.recurring;

/** What can be done to those of a list that are ticked. */
export function buttonsOfList(url: Url): readonly ActButton[] {
  return [
    { ...acts.trigger, href: url('/recurring/trigger'), method: 'post', isDanger: false },
    { ...acts.pause, href: url('/recurring/pause'), method: 'get', isDanger: false },
    { ...acts.resume, href: url('/recurring/resume'), method: 'post', isDanger: false },
    { ...acts.remove, href: url('/recurring/remove'), method: 'get', isDanger: true },
  ];
}

interface Shown {
  readonly id: string;
  readonly isPaused: boolean;
  readonly isOverridden: boolean;
}

/** What can be done to one. */
export function buttonsOfOne({ id, isPaused, isOverridden }: Shown, url: Url): readonly ActButton[] {
  const post = { method: 'post', isDanger: false } as const;
  const lead = { method: 'get', isDanger: false } as const;
  return [
    { ...acts.trigger, href: url('/recurring/trigger'), ...post },
    { ...acts.run, href: url('/recurring/run', { id }), ...lead },
    isPaused
      ? { ...acts.resume, href: url('/recurring/resume'), ...post }
      : { ...acts.pause, href: url('/recurring/pause', { ids: id }), ...lead },
    { ...acts.change, href: url('/recurring/change', { id }), ...lead },
    ...(isOverridden ? [{ ...acts.drop, href: url('/recurring/drop'), ...post }] : []),
    { ...acts.remove, href: url('/recurring/remove', { ids: id }), ...lead, isDanger: true },
  ];
}
