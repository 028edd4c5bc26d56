import type { Percentiles } from '../../job/histogram.js';
import type { QueuePause } from '../../storage/queue-pauses.js';
import { english as t } from '../english.js';
import { type Cell, noCell, textCell } from '../format/cell.js';
import { formatCount, formatNumber } from '../format/count.js';
import { formatDuration, relativeTo } from '../format/time.js';
import type { Url } from '../frame/url.js';
import { searchHref } from '../jobs/search-href.js';
import type { QueueFacts } from './queue-rows.js';

/** A queue, ready to be shown. */
export interface QueueView {
  readonly name: string;
  readonly href: string;
  readonly waiting: string;
  readonly oldest: Cell;
  readonly perMinute: string;
  readonly wait: Cell;
  readonly run: Cell;
  readonly running: number;
  readonly slots: number;
  /** Who paused it, when and why; undefined if it is not paused. */
  readonly pause: string | undefined;
  readonly warning: string | undefined;
}

export function queueView({ queue, totals }: QueueFacts, { now, url }: { now: Date; url: Url }): QueueView {
  const { name, enqueued, oldestMs, running, slots, pause } = queue;
  return {
    name,
    href: searchHref(url, 'queue', name),
    waiting: formatCount(enqueued),
    oldest: oldestMs === undefined ? noCell : textCell(formatDuration(oldestMs)),
    perMinute: formatNumber(Math.round(totals?.perMinute ?? 0)),
    wait: percentilesCell(totals?.waited),
    run: percentilesCell(totals?.ran),
    running,
    slots,
    pause: pause === undefined ? undefined : pauseInWords(pause, now),
    warning: slots === 0 && enqueued > 0 ? t.queues.noServerTakes : undefined,
  };
}

function percentilesCell(times: Percentiles | undefined): Cell {
  if (times === undefined) return noCell;
  return textCell(t.queues.pair(formatDuration(times.p50), formatDuration(times.p95)));
}

function pauseInWords({ by, at, reason }: QueuePause, now: Date): string {
  return t.queues.pausedBy(by ?? t.queues.somebody, relativeTo(now, at), reason);
}
