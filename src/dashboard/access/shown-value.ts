import type { ShownValue } from '../options.js';
import type { Redaction } from './redaction.js';
import type { Rights } from './rights.js';

/** A value of a job as a visitor may see it; `isHidden`: not at all. */
export interface Shown {
  readonly isHidden: boolean;
  readonly value: unknown;
}

export interface Viewer {
  readonly rights: Rights;
  readonly redaction: Redaction;
}

export function shownValue(value: unknown, where: ShownValue, { rights, redaction }: Viewer): Shown {
  if (!rights.has('view-args')) return { isHidden: true, value: undefined };
  return { isHidden: false, value: redaction.of(value, where) };
}
