import type { State } from '../job/state.js';
import type { JobPage } from '../storage/job-lists.js';
import type { JobSummary } from '../storage/job-summaries.js';
import { actButtons } from './acts.js';
import { formatCount } from './count.js';
import { type Column, type Seen, jobColumns } from './job-columns.js';
import type { Counts } from './navigation.js';
import { apartNote } from './server-loss.js';
import { stateTabs } from './state-tabs.js';
import type { Url } from './url.js';

export interface JobList extends Seen {
  readonly state: State;
  readonly page: JobPage;
  /** The place of this page, if it is not the first. */
  readonly place: string | undefined;
  readonly counts: Counts;
}

/** The model of views/jobs.ejs. */
export function jobListView(list: JobList, url: Url): object {
  const { state, page, place, counts } = list;
  const columns = jobColumns[state];
  return {
    state,
    tab: stateTabs[state],
    count: formatCount(counts[state]),
    headings: columns.map(({ heading, width }) => ({ text: heading, width })),
    rows: page.jobs.map((job) => rowOf(job, columns, { seen: list, url })),
    buttons: actButtons(state, (act) => url(`/${state}/${act}`)),
    nothing: place === undefined ? stateTabs[state].empty : 'No jobs on this page any more.',
    place,
    firstHref: place === undefined ? undefined : url(`/${state}`),
    nextHref: page.next === undefined ? undefined : url(`/${state}`, { place: page.next }),
  };
}

function rowOf(job: JobSummary, columns: readonly Column[], { seen, url }: { seen: Seen; url: Url }): object {
  return {
    id: job.id,
    name: job.name,
    href: url(`/${job.id}`),
    note: apartNote(job),
    argsPreview: job.argsPreview === 'null' ? '' : job.argsPreview,
    cells: columns.map(({ heading, cellOf }) => ({ ...cellOf(job, seen), heading })),
  };
}
