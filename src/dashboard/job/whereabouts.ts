import type { JobWithHistory } from '../../job/job.js';
import type { Queue } from '../../storage/queues.js';
import type { Takers } from '../../storage/takers.js';
import { english as t } from '../english.js';
import { serverName } from '../format/cell.js';
import { formatCount } from '../format/count.js';
import { relativeTo } from '../format/time.js';
import type { Url } from '../frame/url.js';
import type { Seen } from '../jobs/job-columns.js';
import { handlerAfterDeletion } from './cancellation.js';
import { apartNote, isServerLoss, serverLosses } from './server-loss.js';

/** Something that a person should know about a job before anything else. */
export interface Notice {
  readonly tone: string;
  readonly text: string;
  readonly href?: string;
  readonly link?: string;
}

/** What decides when an enqueued job is claimed; undefined for any other job. */
export interface Waiting {
  readonly queue: Queue | undefined;
  readonly takers: Takers;
}

const words = t.job.whereabouts;

/** Why a job is where it is, and what is odd about it. */
export function noticesOf(
  job: JobWithHistory,
  waiting: Waiting | undefined,
  seen: Seen & { readonly url: Url },
): readonly Notice[] {
  const apart = apartNote(job);
  return [
    ...whyHere(job, waiting, seen),
    ...(apart === undefined ? [] : [{ tone: 'failed', text: `${apart}.` }]),
  ];
}

function whyHere(
  job: JobWithHistory,
  waiting: Waiting | undefined,
  seen: Seen & { readonly url: Url },
): readonly Notice[] {
  const { state, runAt } = job;
  switch (state) {
    case 'enqueued':
      return waiting === undefined ? [] : [whyWaiting(job, waiting, seen)];
    case 'scheduled':
    case 'failed':
      return runAt === undefined ? [] : [{ tone: state, text: words[state](relativeTo(seen.now, runAt)) }];
    case 'processing':
      return [whileRunning(job, seen)];
    case 'dead':
      return isServerLoss(job.history.at(-1)?.error)
        ? [{ tone: 'dead', text: words.suspect(serverLosses(job.recoveries)) }]
        : [];
    case 'deleted':
      return afterDeletion(job, seen);
    case 'awaiting':
    case 'succeeded':
      return [];
  }
}

function whyWaiting(
  { queue: name, name: jobName }: JobWithHistory,
  { queue, takers }: Waiting,
  { now, url }: Seen & { readonly url: Url },
): Notice {
  const toQueue = { href: url('/queues'), link: words.queueLink };
  if (queue?.pause !== undefined) {
    const { at, by, reason } = queue.pause;
    const said = words.pausedBy(by ?? t.queues.somebody, reason);
    return { tone: 'deleted', text: words.paused(name, said, relativeTo(now, at)), ...toQueue };
  }
  if (takers.ofQueue === 0) return { tone: 'failed', text: words.noServer(name), ...toQueue };
  if (takers.withHandler === 0) return { tone: 'failed', text: words.noHandler(jobName, name), ...toQueue };
  if (takers.willing === 0) return { tone: 'deleted', text: words.quiet(name), ...toQueue };
  if (queue !== undefined && queue.running >= queue.slots)
    return {
      tone: 'enqueued',
      text: words.noSlot(name, queue.slots, formatCount(queue.enqueued)),
      ...toQueue,
    };
  return { tone: 'enqueued', text: words.soon };
}

function whileRunning({ serverId }: JobWithHistory, { servers }: Seen): Notice {
  const name = serverName(serverId ?? '', servers);
  const isAlive = servers.get(serverId ?? '')?.isRunning === true;
  return isAlive
    ? { tone: 'processing', text: words.processing(name) }
    : { tone: 'failed', text: words.lost(name) };
}

function afterDeletion(job: JobWithHistory, seen: Seen): readonly Notice[] {
  const latest = job.history.at(-1);
  const handler = latest && handlerAfterDeletion(latest, seen);
  return handler === undefined ? [] : [{ tone: 'deleted', text: words.deletedWhileRunning(handler) }];
}
