import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';
import { errorCell, stateCell, timeCell } from '../format/cell.js';
import { chartView } from '../format/chart.js';
import { formatCount, formatNumber } from '../format/count.js';
import { stateOrder } from '../format/states.js';
import type { Url } from '../frame/url.js';
import { failureCell } from '../jobs/job-columns.js';
import { searchHref } from '../jobs/search-href.js';
import { queueView } from '../queues/queue-view.js';
import { recurringJobView } from '../recurring/recurring-job-view.js';
import { serverView } from '../servers/server-view.js';
import type { Overview } from './overview.js';
import { type HistoryPeriod, historyPeriods } from './periods.js';

export interface HomeSeen {
  readonly url: Url;
  readonly rights: Rights;
  readonly period: HistoryPeriod;
}

/** The model of views/home.ejs. */
export function homeView(overview: Overview, seen: HomeSeen): object {
  const { now, servers, recurringJobs, queues } = overview;
  const { url, rights } = seen;
  return {
    summary: summaryOf(overview),
    cards: cardsOf(overview, url),
    isEmpty: Object.values(overview.counts).every((count) => count === 0),
    live: chartView({ id: 'live', title: t.home.live, buckets: overview.live, tickStyle: 'time' }),
    history: historyChart(overview, seen),
    queues: queues.map((queue) => queueView(queue, { now, url })),
    servers: servers.map((server) => serverView(server, { now, url, rights })),
    recurringJobs: recurringJobs.map((recurringJob) => recurringJobView(recurringJob, { now, url })),
    failing: failingOf(overview, url),
    failures: failuresOf(overview, url),
    deadLetters: deadLettersOf(overview, url),
  };
}

function summaryOf({ servers }: Overview): string {
  if (servers.length === 0) return t.home.noServer;
  const busy = servers.reduce((sum, { processing }) => sum + processing, 0);
  const slots = servers.flatMap(({ queues }) => Object.values(queues)).reduce((sum, own) => sum + own, 0);
  return t.home.summary(t.quantity(servers.length, 'server'), busy, t.quantity(slots, 'slot'));
}

function cardsOf({ counts }: Overview, url: Url): readonly object[] {
  const shown = stateOrder.filter((state) => state !== 'awaiting' || counts.awaiting > 0);
  return shown.map((state) => ({
    state,
    label: t.states[state].label,
    count: formatCount(counts[state]),
    isZero: counts[state] === 0,
    href: url(`/${state}`),
  }));
}

function historyChart({ history }: Overview, { url, period }: HomeSeen): object {
  // Object.keys is typed string[]; they are exactly the periods.
  const names = Object.keys(historyPeriods) as readonly HistoryPeriod[];
  return chartView({
    id: 'past',
    title: t.home.history[period],
    buckets: history,
    tickStyle: period === 'day' ? 'time' : 'day',
    periods: names.map((name) => ({
      label: t.home.periods[name],
      href: url('/', { period: name === 'day' ? undefined : name }),
      isChosen: name === period,
    })),
  });
}

function failingOf({ failing }: Overview, url: Url): readonly object[] {
  return failing.map(({ name, succeeded, failed, dead }) => ({
    name,
    href: searchHref(url, 'name', name),
    failed: formatNumber(failed),
    dead: formatNumber(dead),
    share: t.home.percent((100 * (failed + dead)) / (succeeded + failed + dead)),
  }));
}

function failuresOf({ failures, now }: Overview, url: Url): readonly object[] {
  return failures.map(({ jobId, name, state, at, attempt, attemptLimit, error }) => ({
    id: jobId,
    name,
    href: url(`/${jobId}`),
    error: errorCell(error),
    attempt: t.home.attempt(attempt, attemptLimit),
    state: stateCell(state),
    at: timeCell(at, now),
  }));
}

function deadLettersOf({ deadLetters, now }: Overview, url: Url): readonly object[] {
  return deadLetters.map((job) => ({
    id: job.id,
    name: job.name,
    href: url(`/${job.id}`),
    error: failureCell(job),
    attempt: t.jobs.attemptOf(job.attempt, job.attemptLimit),
    at: timeCell(job.finishedAt, now),
  }));
}
