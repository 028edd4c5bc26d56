import type { JobPage } from '../../storage/job-lists.js';
import type { JobSummary } from '../../storage/job-summaries.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import { formatCount, formatNumber } from '../format/count.js';
import { formatInstant } from '../format/time.js';
import type { Counts } from '../frame/navigation.js';
import type { Url } from '../frame/url.js';
import { apartNote } from '../job/server-loss.js';
import { listActsOn, listButtons } from './acts.js';
import { type Column, jobColumns, type Seen } from './job-columns.js';
import { type ListRequest, queryOf } from './list-request.js';
import { searchHref } from './search-href.js';

/** A page of a list of jobs. */
export interface JobList extends Seen {
  readonly request: ListRequest;
  readonly page: JobPage;
  readonly counts: Counts;
  readonly previews: ReadonlyMap<string, string>;
}

/** The model of views/jobs.ejs. */
export function jobListView(list: JobList, { rights, url }: { rights: Rights; url: Url }): object {
  const { request, page, counts } = list;
  const { state, text } = request;
  const columns = jobColumns[state ?? 'any'];
  const mayAct = rights.has('act') && state !== undefined && !request.isUnreadable;
  const kept = Object.entries({ ...queryOf(request), place: request.place });
  return {
    heading: state === undefined ? t.jobs.title : t.states[state].label,
    meaning: state === undefined ? t.jobs.meaning : t.states[state].meaning,
    count: state === undefined || text !== '' ? undefined : formatCount(counts[state]),
    groupsHref: state === 'dead' ? url('/dead/groups') : undefined,
    allLabel: text === '' ? t.jobs.allInState : t.jobs.allThatMatch,
    selectable: mayAct && page.jobs.length > 0,
    all: actsOnAll(request, url),
    buttons: state === undefined ? [] : listButtons(state, (act) => url(`/${state}/${act}`)),
    kept: kept.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    headings: columns.map(({ heading, width }) => ({ text: heading, width })),
    rows: page.jobs.map((job) => rowOf(job, columns, { list, url })),
    nothing: nothingOf(list),
    looked: lookedAt(list),
    pager: pagerOf(list, url),
  };
}

function rowOf(
  job: JobSummary,
  columns: readonly Column[],
  { list, url }: { readonly list: JobList; readonly url: Url },
): object {
  return {
    id: job.id,
    name: job.name,
    href: url(`/${job.id}`),
    note: apartNote(job),
    tags: job.tags.map((tag) => ({ text: tag, href: searchHref(url, 'tag', tag) })),
    argsPreview: list.previews.get(job.id) ?? '',
    cells: columns.map(({ heading, cellOf }) => ({ ...cellOf(job, list), heading })),
  };
}

function actsOnAll(request: ListRequest, url: Url): readonly object[] {
  const { state } = request;
  if (state === undefined) return [];
  const { q } = queryOf(request);
  return listActsOn(state).map((act) => ({
    label: t.bulk.buttons[act],
    href: url(`/${state}/all/${act}`, { q }),
    isDanger: act === 'delete',
  }));
}

function nothingOf({ request, page }: JobList): string {
  const { state, text, place, isUnreadable } = request;
  if (isUnreadable) return t.jobs.noMatch;
  if (text !== '') return page.next === undefined ? t.jobs.noMatch : t.jobs.noMatchYet;
  if (place !== undefined) return t.jobs.emptyPage;
  return state === undefined ? t.jobs.empty : t.states[state].empty;
}

/** How far a search has come that could not look at everything in its time. */
function lookedAt({ request, page: { jobs, looked, next } }: JobList): string | undefined {
  if (request.text === '' || next === undefined || jobs.length >= request.size) return undefined;
  return t.jobs.looked(formatNumber(looked.count), looked.backTo && formatInstant(looked.backTo));
}

function pagerOf({ request, page }: JobList, url: Url): object {
  const { state, place, size } = request;
  const path = `/${state ?? 'jobs'}`;
  const query = queryOf(request);
  return {
    first: place === undefined ? undefined : url(path, query),
    next: page.next === undefined ? undefined : url(path, { ...query, place: page.next }),
    nextLabel: page.jobs.length < size ? t.jobs.goOn : t.jobs.nextPage,
  };
}
