/** An instant, ready to be shown. */
export interface TimeView {
  /** For the `datetime` attribute. */
  readonly iso: string;
  /** `2026-11-20 06:14:17 UTC` */
  readonly utc: string;
  /** Seen from the database's now: `3 min ago`, `in 2 h`. */
  readonly relative: string;
}

export function timeView(at: Date, now: Date): TimeView {
  const iso = at.toISOString();
  return { iso, utc: `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`, relative: relativeTo(now, at) };
}

export function optionalTimeView(at: Date | undefined, now: Date): TimeView | undefined {
  return at === undefined ? undefined : timeView(at, now);
}

/** A length of time in its two largest units: `842 ms`, `3.4 s`, `2 min 5 s`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const largest = units.find(({ span }) => seconds >= span) ?? second;
  const next = units[units.indexOf(largest) + 1] ?? second;
  const rest = Math.floor((seconds % largest.span) / next.span);
  const whole = `${Math.floor(seconds / largest.span)} ${largest.name}`;
  return rest === 0 ? whole : `${whole} ${rest} ${next.name}`;
}

const second = { name: 's', span: 1 };
const units = [
  { name: 'y', span: 31_557_600 },
  { name: 'd', span: 86_400 },
  { name: 'h', span: 3600 },
  { name: 'min', span: 60 },
  second,
];

function relativeTo(now: Date, at: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const length = Math.abs(seconds);
  if (length < 1) return 'now';
  const { name, span } = units.find(({ span }) => length >= span) ?? second;
  const phrase = `${Math.floor(length / span)} ${name}`;
  return seconds > 0 ? `in ${phrase}` : `${phrase} ago`;
}
