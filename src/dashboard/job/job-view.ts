import type { JobWithHistory } from '../../job/job.js';
import { type Shown, shownValue, type Viewer } from '../access/shown-value.js';
import { english as t } from '../english.js';
import { type Fact, linksCell, noCell, serverCell, stateCell, textCell, timeCell } from '../format/cell.js';
import { type JsonView, jsonView } from '../format/json.js';
import { formatDuration } from '../format/time.js';
import type { Url } from '../frame/url.js';
import { searchHref } from '../jobs/search-href.js';
import { recurringJobHref } from '../recurring/recurring-job-view.js';
import { attemptViews } from './attempt-view.js';
import { callAsCode } from './call-as-code.js';
import { historyView } from './history-view.js';
import { jobButtons } from './job-buttons.js';
import { jobLogView, progressBarsView } from './job-log-view.js';
import { CHILDREN_SHOWN, type JobPageFacts } from './job-page.js';
import { noticesOf } from './whereabouts.js';

/** Those before are folded: a job may have been tried fifty times. */
const ATTEMPTS_OPEN = 5;

export interface JobViewer extends Viewer {
  readonly url: Url;
}

/** The model of views/job.ejs. */
export function jobView(facts: JobPageFacts, viewer: JobViewer): object {
  const { job, seen, waiting, lines, bars, children, changes } = facts;
  const { url, rights } = viewer;
  const attempts = attemptViews(job, seen);
  const args = shownValue(job.args, { job: job.name, part: 'args' }, viewer);
  const result = shownValue(job.result, { job: job.name, part: 'result' }, viewer);
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    stateCell: stateCell(job.state),
    buttons: jobButtons(job, rights, url),
    notices: noticesOf(job, waiting, { ...seen, url }),
    facts: factsOf(job, facts, url).filter(({ cell }) => cell.kind !== 'none'),
    bars: progressBarsView(bars),
    log: jobLogView(job, lines, viewer),
    call: callAsCode(job, args.isHidden ? {} : args.value),
    args: valueView(args, job.args, url(`/${job.id}/args`)),
    argsNothing: args.isHidden ? t.job.hidden : t.job.noArgs,
    result: valueView(result, job.result, url(`/${job.id}/result`)),
    resultNothing: result.isHidden ? t.job.hidden : t.job.noResult,
    attempts: attempts.slice(0, ATTEMPTS_OPEN),
    earlierAttempts: attempts.slice(ATTEMPTS_OPEN),
    children: children.slice(0, CHILDREN_SHOWN).map(({ id, name, state }) => ({
      id,
      name,
      href: url(`/${id}`),
      state: stateCell(state),
    })),
    moreChildren: children.length > CHILDREN_SHOWN ? t.job.moreEnqueued(CHILDREN_SHOWN) : undefined,
    history: historyView(job, changes, seen),
  };
}

function valueView({ isHidden, value }: Shown, original: unknown, wholeHref: string): JsonView | undefined {
  const isNothing = original === undefined || original === null;
  return isHidden || isNothing ? undefined : jsonView(value, wholeHref);
}

function factsOf(job: JobWithHistory, { seen }: JobPageFacts, url: Url): readonly Fact[] {
  const terms = t.job.facts;
  const { now, servers } = seen;
  const plans = job.state === 'scheduled' || job.state === 'failed';
  const { recurringJobId: recurring, originId: origin, modelId: model } = job;
  return [
    { term: terms.queue, cell: textCell(job.queue, searchHref(url, 'queue', job.queue)) },
    { term: terms.priority, cell: textCell(job.priority) },
    { term: terms.attempt, cell: textCell(attemptOf(job)) },
    { term: terms.created, cell: timeCell(job.createdAt, now) },
    {
      term: job.state === 'failed' ? terms.next : terms.runs,
      cell: plans ? timeCell(job.runAt, now) : noCell,
    },
    { term: terms.started, cell: timeCell(job.startedAt, now) },
    { term: terms.ended, cell: timeCell(job.finishedAt, now) },
    { term: terms.server, cell: serverCell(job.serverId, servers) },
    {
      term: terms.timeout,
      cell: job.timeoutMs === undefined ? noCell : textCell(formatDuration(job.timeoutMs)),
    },
    {
      term: terms.tags,
      cell: linksCell(job.tags.map((tag) => ({ text: tag, href: searchHref(url, 'tag', tag) }))),
    },
    { term: terms.recurring, cell: textCell(recurring, recurring && recurringJobHref(recurring, url)) },
    { term: terms.occurrence, cell: timeCell(job.occurrence, now) },
    { term: terms.origin, cell: textCell(origin && `#${origin}`, url(`/${origin}`)) },
    { term: terms.model, cell: textCell(model && `#${model}`, url(`/${model}`)) },
    { term: terms.lost, cell: job.recoveries === 0 ? noCell : textCell(String(job.recoveries)) },
  ];
}

function attemptOf({ attempt, attemptLimit, uncounted }: JobWithHistory): string {
  const of = t.jobs.attemptOf(attempt, attemptLimit);
  return uncounted === 0 ? of : `${of}, ${t.job.notCounted(uncounted)}`;
}
