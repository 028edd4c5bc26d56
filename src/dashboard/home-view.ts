import { errorCell, stateCell, timeCell } from './cell.js';
import { failureCell } from './job-columns.js';
import { formatCount, formatQuantity } from './count.js';
import type { Overview } from './overview.js';
import { recurringJobView } from './recurring-job-view.js';
import { serverView } from './server-view.js';
import { stateTabs, tabOrder } from './state-tabs.js';
import type { Url } from './url.js';

/** The model of views/home.ejs. */
export function homeView(overview: Overview, url: Url): object {
  const { now, servers, recurringJobs } = overview;
  return {
    summary: summaryOf(overview),
    cards: cardsOf(overview, url),
    isEmpty: Object.values(overview.counts).every((count) => count === 0),
    queues: queuesOf(overview),
    servers: servers.map((server) => serverView(server, now)),
    recurringJobs: recurringJobs.map((recurringJob) => recurringJobView(recurringJob, { now, url })),
    failures: failuresOf(overview, url),
    deadLetters: deadLettersOf(overview, url),
  };
}

function summaryOf({ servers }: Overview): string {
  if (servers.length === 0) return 'No server is running.';
  const busy = servers.reduce((sum, { processing }) => sum + processing, 0);
  const slots = servers.flatMap(({ queues }) => Object.values(queues)).reduce((sum, own) => sum + own, 0);
  return `${formatQuantity(servers.length, 'server')} running, ${busy} of ${formatQuantity(slots, 'slot')} in use.`;
}

function cardsOf({ counts }: Overview, url: Url): readonly object[] {
  const shown = tabOrder.filter((state) => state !== 'awaiting' || counts.awaiting > 0);
  return shown.map((state) => ({
    state,
    label: stateTabs[state].label,
    count: formatCount(counts[state]),
    isZero: counts[state] === 0,
    href: url(`/${state}`),
  }));
}

/** A queue that no server takes from is told apart. */
function queuesOf({ queues }: Overview): readonly object[] {
  return queues.map(({ name, enqueued, slots }) => ({ queue: name, enqueued: formatCount(enqueued), slots }));
}

function failuresOf({ failures, now }: Overview, url: Url): readonly object[] {
  return failures.map(({ jobId, name, state, at, attempt, attemptLimit, error }) => ({
    id: jobId,
    name,
    href: url(`/${jobId}`),
    error: errorCell(error),
    attempt: `attempt ${attempt} of ${attemptLimit}`,
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
    attempt: job.attempt,
    at: timeCell(job.finishedAt, now),
  }));
}
