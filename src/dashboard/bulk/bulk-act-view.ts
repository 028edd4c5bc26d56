import { ABANDONED_MS, type BulkAct } from '../../storage/bulk-acts.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import { type Fact, textCell, timeCell } from '../format/cell.js';
import { formatNumber } from '../format/count.js';
import type { Url } from '../frame/url.js';
import { shownSearch } from '../jobs/shown-search.js';

type Outcome = keyof typeof t.bulk.marks;

/** The colours of states say the same of acts. */
const tones: Readonly<Record<Outcome, string>> = {
  running: 'processing',
  interrupted: 'failed',
  finished: 'succeeded',
  stopped: 'deleted',
  failed: 'dead',
};

interface BulkSeen {
  readonly now: Date;
  readonly url: Url;
  readonly rights: Rights;
}

export function titleOf({ act }: BulkAct): string {
  return t.bulk.running[act];
}

/** The model of views/bulk-act.ejs. */
export function bulkActView(act: BulkAct, { now, url, rights }: BulkSeen): object {
  const outcome = outcomeOf(act, now);
  const mayAct = rights.has('act');
  return {
    title: titleOf(act),
    query: chosenBy(act, rights),
    tone: tones[outcome],
    outcome: outcomeInWords(act, outcome),
    progress: progressOf(act, outcome),
    facts: factsOf(act, now).filter(({ cell }) => cell.kind !== 'none'),
    stopHref: mayAct && act.ending === undefined ? url(`/bulk/${act.id}/stop`) : undefined,
    resumeHref: mayAct && outcome === 'interrupted' ? url(`/bulk/${act.id}/resume`) : undefined,
    back: url(`/${act.state}`),
  };
}

/** A line of a list of such acts. */
export function bulkActSummary(act: BulkAct, { now, url, rights }: BulkSeen): object {
  const outcome = outcomeOf(act, now);
  return {
    href: url(`/bulk/${act.id}`),
    title: `${titleOf(act)}: ${chosenBy(act, rights)}`,
    tone: tones[outcome],
    outcome: t.bulk.marks[outcome],
    at: timeCell(act.createdAt, now),
  };
}

function chosenBy({ state, query }: BulkAct, rights: Rights): string {
  return t.bulk.of(t.states[state].label, shownSearch(query, rights));
}

/** How it stands: `interrupted` where the process that carried it out is gone. */
export function outcomeOf({ ending, beatAt }: BulkAct, now: Date): Outcome {
  if (ending !== undefined) return ending;
  return now.getTime() - beatAt.getTime() > ABANDONED_MS ? 'interrupted' : 'running';
}

function outcomeInWords({ applied, error }: BulkAct, outcome: Outcome): string {
  const jobs = t.quantity(applied, t.jobs.noun);
  return outcome === 'failed' ? t.bulk.outcomes.failed(jobs, error ?? '') : t.bulk.outcomes[outcome](jobs);
}

/** Of how many is known only where the preview could count them. */
function progressOf({ applied, expected }: BulkAct, outcome: Outcome): object | undefined {
  if (expected === undefined || (outcome !== 'running' && outcome !== 'interrupted')) return undefined;
  const max = Math.max(expected, applied, 1);
  return { max, value: applied, text: t.bulk.progressText(formatNumber(applied), formatNumber(max)) };
}

function factsOf(act: BulkAct, now: Date): readonly Fact[] {
  const terms = t.bulk.facts;
  return [
    { term: terms.applied, cell: textCell(formatNumber(act.applied)) },
    { term: terms.seen, cell: textCell(formatNumber(act.seen)) },
    { term: terms.by, cell: textCell(act.by) },
    { term: terms.reason, cell: textCell(act.reason) },
    { term: terms.started, cell: timeCell(act.createdAt, now) },
    { term: terms.ended, cell: timeCell(act.endedAt, now) },
  ];
}
