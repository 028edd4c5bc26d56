import { everything, type Search } from '../search/search.js';
import { type Finding, findJobs } from './find-jobs.js';
import type { Direction } from './job-order.js';
import { type JobSummary, jobSummaries } from './job-summaries.js';
import { type JobQuery, planWalk } from './job-walk.js';
import type { Reader } from './reader.js';

export interface JobPage {
  readonly jobs: readonly JobSummary[];
  /** Give it as `place` to go on; undefined at the end. A search may go on although it has found nothing so far. */
  readonly next: string | undefined;
  readonly looked: Looked;
}

/** What a page is the result of. */
interface Looked {
  /** How many jobs were looked at. */
  readonly count: number;
  /** The time of the last of them: the one that the list is in the order of. Undefined where it is in no order of time. */
  readonly backTo: Date | undefined;
  /** Whether these were all, from the page's place on. */
  readonly isComplete: boolean;
}

export interface JobListQuery extends Omit<JobQuery, 'search'> {
  /** Default: everything. */
  readonly search?: Search | undefined;
  /** Default: `first`; jobs of any state are listed with the newest first. */
  readonly order?: Direction | undefined;
  /** `next` of the page before; one that is not understood shows the first page. */
  readonly place?: string | undefined;
  readonly limit: number;
}

/** A page comes after this much looking, full or not: with its other reads, and beside busy servers, it answers within 200 ms. */
const BUDGET_MS = 75;

/**
 * One page of jobs, in the order of the index that serves the list. What a search asks for is decided of so many rows as can
 * be looked at in its time; the next page goes on from there.
 */
export async function listJobs(reader: Reader, query: JobListQuery): Promise<JobPage> {
  const { limit, place, order = 'first', search = everything } = query;
  const walk = await planWalk(reader, { ...query, search }, order);
  if (walk === undefined) return { jobs: [], next: undefined, looked: nothing };
  // One more than is shown tells whether there is another page.
  const finding = await findJobs(reader, walk, { place, wanted: limit + 1, budgetMs: BUDGET_MS });
  const { shown, next, looked } = pageOf(finding, limit);
  const jobs = await jobSummaries(reader.kysely, shown);
  const { state } = walk.list;
  return {
    // A job may have moved on since it was looked at.
    jobs: jobs.filter((job) => state === undefined || job.state === state),
    next,
    looked: state === 'enqueued' ? { ...looked, backTo: undefined } : looked,
  };
}

const nothing: Looked = { count: 0, backTo: undefined, isComplete: true };

function pageOf({ found, looked, backTo, next }: Finding, limit: number) {
  const shown = found.slice(0, limit).map(({ id }) => id);
  const last = found[limit - 1];
  if (found.length <= limit || last === undefined)
    return { shown, next, looked: { count: looked, backTo, isComplete: next === undefined } };
  return { shown, next: last.place, looked: { count: last.looked, backTo: last.at, isComplete: false } };
}
