import type { HistoryEntry } from '../../job/job.js';
import { serverName } from '../format/cell.js';
import type { Seen } from '../jobs/job-columns.js';
import { formatDuration } from '../format/time.js';
import { english as t } from '../english.js';

/** What became of the handler of a job that was deleted while it ran; undefined for anything else. */
export function handlerAfterDeletion(entry: HistoryEntry, { servers }: Seen): string | undefined {
  const { state, from, at, serverId, ending, endedAt } = entry;
  if (state !== 'deleted' || from !== 'processing' || serverId === undefined) return undefined;
  if (endedAt !== undefined) {
    const after = formatDuration(endedAt.getTime() - at.getTime());
    return ending === 'stopped' ? t.job.handlers.stopped(after) : t.job.handlers.finished(after);
  }
  const name = serverName(serverId, servers);
  return stillRuns(entry, servers) ? t.job.handlers.running(name) : t.job.handlers.unknown(name);
}

/** Whether the handler of a deleted job is still at work, as far as is known. */
export function stillRuns({ serverId, endedAt }: HistoryEntry, servers: Seen['servers']): boolean {
  return endedAt === undefined && serverId !== undefined && servers.get(serverId)?.isRunning === true;
}
