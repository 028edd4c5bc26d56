import type { JobWithHistory } from '../job/job.js';
import { handlerAfterDeletion } from './cancellation.js';
import type { Seen } from './job-columns.js';
import { apartNote, isServerLoss, serverLosses } from './server-loss.js';

/** What a person should know about a job before anything else, if there is such a thing. */
export function noticeOf(job: JobWithHistory, seen: Seen): string | undefined {
  const latest = job.history.at(-1);
  if (latest === undefined) return undefined;
  if (job.state === 'dead' && isServerLoss(latest.error))
    return `${serverLosses(job.recoveries)}: it may be what kills them. Find out before you retry it.`;
  const handler = handlerAfterDeletion(latest, seen);
  if (handler !== undefined) return `Deleted while it ran. Its handler: ${handler}.`;
  const apart = apartNote(job);
  return apart === undefined ? undefined : `${apart}.`;
}
