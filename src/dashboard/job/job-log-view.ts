import type { JobWithHistory } from '../../job/job.js';
import type { LogLine, ProgressBar } from '../../storage/job-output.js';
import { type Viewer } from '../access/shown-value.js';
import { english as t } from '../english.js';

/** The lines of the latest attempt; undefined if it has said nothing, or the visitor may not see it. */
export function jobLogView(
  { name, attempt, state }: JobWithHistory,
  lines: readonly LogLine[],
  { rights, redaction }: Viewer,
): object | undefined {
  if (lines.length === 0 || !rights.has('view-args')) return undefined;
  return {
    heading: t.job.logOf(attempt),
    grows: state === 'processing',
    lines: lines.map(({ number, at, level, message, facts }) => ({
      id: `${attempt}-${number}`,
      iso: at.toISOString(),
      time: at.toISOString().slice(11, 23),
      level,
      message,
      facts:
        facts === undefined ? undefined : JSON.stringify(redaction.of(facts, { job: name, part: 'log' })),
    })),
  };
}

export function progressBarsView(bars: readonly ProgressBar[]): readonly object[] {
  return bars.map(({ name, percent }, place) => ({
    place,
    name: name ?? t.job.mainBar,
    percent,
    text: `${Math.floor(percent)} %`,
  }));
}
