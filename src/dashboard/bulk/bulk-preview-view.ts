import type { BulkPreview } from '../../client/bulk-acts.js';
import type { MatchCount } from '../../storage/count-matching.js';
import { english as t } from '../english.js';
import { type Cell, stateCell } from '../format/cell.js';
import { formatNumber } from '../format/count.js';
import type { Url } from '../frame/url.js';
import type { ListAct } from '../jobs/acts.js';
import { type ListRequest, queryOf } from '../jobs/list-request.js';

export interface BulkPreviewFacts {
  readonly request: ListRequest;
  readonly act: ListAct;
  /** Undefined where the search cannot be read. */
  readonly preview: BulkPreview | undefined;
}

/** The model of views/bulk-preview.ejs. */
export interface BulkPreviewView {
  readonly title: string;
  readonly stateCell: Cell | undefined;
  readonly [part: string]: unknown;
}

export function bulkPreviewView({ request, act, preview }: BulkPreviewFacts, url: Url): BulkPreviewView {
  const { state, text, problem } = request;
  const matching = preview === undefined ? '0' : countInWords(preview.matching);
  const path = `/${state ?? 'jobs'}`;
  return {
    title: t.bulk.titles[act](t.bulk.matchingJobs(matching, preview?.matching.count === 1)),
    explanation: t.bulk.explanations[act],
    stateCell: state && stateCell(state),
    query: text,
    matching,
    problem,
    examples: preview?.examples.map(({ id, name }) => ({ id, name, href: url(`/${id}`) })) ?? [],
    isEmpty: problem !== undefined || preview?.matching.count === 0,
    isDanger: act === 'delete',
    button: t.bulk.confirm[act],
    fields: [],
    reason: '',
    action: url(`${path}/all/${act}`),
    back: url(path, queryOf(request)),
  };
}

function countInWords({ count, isExact }: MatchCount): string {
  return isExact ? formatNumber(count) : t.bulk.atLeast(formatNumber(count));
}
