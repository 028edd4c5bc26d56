import type { AuditEntry } from '../../job/audit.js';
import type { AuditPage } from '../../storage/audit-log.js';
import type { Viewer } from '../access/shown-value.js';
import { english as t } from '../english.js';
import { type Cell, textCell, timeCell } from '../format/cell.js';
import { differences } from '../format/differences.js';
import type { Url } from '../frame/url.js';
import { shownSearch } from '../jobs/shown-search.js';
import { recurringJobHref } from '../recurring/recurring-job-view.js';
import { shownRecord } from './shown-record.js';

/** What was changed is told in a line; the whole is in the API. */
const LENGTH = 300;

export interface AuditSeen extends Viewer {
  readonly now: Date;
  readonly url: Url;
  /** The name whose acts alone are shown; empty: all. */
  readonly by: string;
  readonly isFirstPage: boolean;
}

/** The model of views/audit.ejs, but for the acts on all that match. */
export function auditView({ entries, next }: AuditPage, seen: AuditSeen): object {
  const { url, by, isFirstPage } = seen;
  const query = by === '' ? {} : { by };
  return {
    by,
    filtered: by !== '',
    rows: entries.map((entry) => rowOf(entry, seen)),
    pager: {
      first: isFirstPage ? undefined : url('/audit', query),
      next: next === undefined ? undefined : url('/audit', { ...query, place: next }),
      nextLabel: t.jobs.nextPage,
    },
  };
}

function rowOf(entry: AuditEntry, seen: AuditSeen): object {
  const { at, by, act, subject, reason, before, after } = entry;
  return {
    at: timeCell(at, seen.now),
    by,
    byHref: seen.url('/audit', { by }),
    act: t.audit.actOn(act, subject),
    target: targetCell(entry, seen),
    reason,
    changes: changesOf({ before: subject === 'jobs' ? common(before) : before, after }, seen),
  };
}

function targetCell({ subject, target }: AuditEntry, { url, rights }: AuditSeen): Cell {
  switch (subject) {
    case 'job':
      return textCell(`#${target}`, url(`/${target}`));
    case 'recurring job':
      return textCell(target, recurringJobHref(target, url));
    case 'queue':
      return textCell(target, url('/queues'));
    case 'server':
      return textCell(`#${target}`, url('/servers'));
    case 'jobs':
      return textCell(shownSearch(target, rights));
    case 'calendar':
      return textCell(target);
  }
}

/** Of several jobs it is told by their ids what they were before: here, if it was the same of all. */
function common(before: unknown): unknown {
  if (typeof before !== 'object' || before === null) return before;
  const [first, ...others]: readonly unknown[] = Object.values(before);
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;
}

function changesOf(
  { before, after }: Pick<AuditEntry, 'before' | 'after'>,
  viewer: AuditSeen,
): readonly string[] {
  return differences(shownRecord(before, viewer), shownRecord(after, viewer)).map((text) =>
    text.length > LENGTH ? `${text.slice(0, LENGTH).toWellFormed()}…` : text,
  );
}
