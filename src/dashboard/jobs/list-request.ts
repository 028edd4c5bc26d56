import type { State } from '../../job/state.js';
import { argsMatch, asksForArgs, withoutArgs } from '../../search/args-match.js';
import { parseSearch } from '../../search/parse-search.js';
import { everything, type Search } from '../../search/search.js';
import type { MatchesArgs } from '../../storage/job-walk.js';
import type { Redaction } from '../access/redaction.js';
import type { Viewer } from '../access/shown-value.js';
import { english as t } from '../english.js';

export const pageSizes = [10, 20, 50, 100, 200] as const;
const DEFAULT_SIZE = 50;

/** What a visitor asks of a list of jobs, read from the address bar. */
export interface ListRequest {
  /** Undefined: jobs of any state. */
  readonly state: State | undefined;
  /** As it was typed. */
  readonly text: string;
  readonly search: Search;
  /** What is wrong with the text, or what of it was left out. */
  readonly problem: string | undefined;
  /** Whether it cannot be answered. */
  readonly isUnreadable: boolean;
  readonly matchesArgs: MatchesArgs | undefined;
  readonly order: 'first' | 'reversed';
  readonly size: number;
  readonly place: string | undefined;
}

export function listRequest(
  state: State | undefined,
  fields: { readonly get: (name: string) => string | null | undefined },
  viewer: Viewer,
): ListRequest {
  const text = (fields.get('q') ?? '').trim();
  const size = Number(fields.get('size'));
  return {
    state,
    text,
    ...searchOf(text, viewer),
    order: fields.get('order') === 'reversed' ? 'reversed' : 'first',
    size: pageSizes.find((each) => each === size) ?? DEFAULT_SIZE,
    place: fields.get('place') ?? undefined,
  };
}

/** What the address bar keeps from page to page; what is as usual is left out. */
export function queryOf({ text, order, size }: ListRequest): Readonly<Record<string, string | undefined>> {
  return {
    q: text === '' ? undefined : text,
    order: order === 'first' ? undefined : order,
    size: size === DEFAULT_SIZE ? undefined : String(size),
  };
}

/** What a list shows, for an act on all of it. */
export function soughtBy({ search, matchesArgs }: ListRequest): Pick<ListRequest, 'search' | 'matchesArgs'> {
  return { search, matchesArgs };
}

type Read = Pick<ListRequest, 'search' | 'problem' | 'isUnreadable' | 'matchesArgs'>;

/** A search finds nothing by what the visitor may not see: neither args without the right, nor what is redacted of them. */
function searchOf(text: string, { rights, redaction }: Viewer): Read {
  const read = parseSearch(text);
  if ('problem' in read) {
    const { message, suggestion } = read.problem;
    const problem = suggestion === undefined ? message : t.jobs.didYouMean(message, suggestion);
    return { search: everything, problem, isUnreadable: true, matchesArgs: undefined };
  }
  const { search } = read;
  const plain = { search, problem: undefined, isUnreadable: false, matchesArgs: undefined };
  if (!asksForArgs(search)) return plain;
  if (!rights.has('view-args')) return { ...plain, search: withoutArgs(search), problem: t.jobs.argsHidden };
  return { ...plain, matchesArgs: visibleArgsMatch(search, redaction) };
}

/** What decides about the args of jobs for a search that was stored as text; undefined: Postgres does. */
export function matcherOf(text: string, redaction: Redaction): MatchesArgs | undefined {
  const read = parseSearch(text);
  return 'search' in read && asksForArgs(read.search) ? visibleArgsMatch(read.search, redaction) : undefined;
}

function visibleArgsMatch(search: Search, redaction: Redaction): MatchesArgs | undefined {
  if (!redaction.isOn) return undefined;
  return ({ name, args }) => argsMatch(search, redaction.of(args, { job: name, part: 'args' }));
}
