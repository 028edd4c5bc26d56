import { english as t } from '../english.js';

/** An instant, ready to be shown. */
export interface TimeView {
  /** For the `datetime` attribute: exact. */
  readonly iso: string;
  /** `2026-11-20 06:14:17 UTC`; the script says it in the reader's zone instead. */
  readonly utc: string;
  /** Seen from the database's now: `3 min ago`, `in 2 h`. */
  readonly relative: string;
}

export function timeView(at: Date, now: Date): TimeView {
  return { iso: at.toISOString(), utc: formatInstant(at), relative: relativeTo(now, at) };
}

export function optionalTimeView(at: Date | undefined, now: Date): TimeView | undefined {
  return at === undefined ? undefined : timeView(at, now);
}

/** `2026-11-20 06:14:17 UTC` */
export function formatInstant(at: Date): string {
  const iso = at.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} ${t.frame.utc}`;
}

/** A length of time in its two largest units: `842 ms`, `3.4 s`, `2 min 5 s`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ${t.time.units.ms}`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} ${t.time.units.s}`;
  const seconds = Math.round(ms / 1000);
  const largest = units.find(({ span }) => seconds >= span) ?? second;
  const next = units[units.indexOf(largest) + 1] ?? second;
  const rest = Math.floor((seconds % largest.span) / next.span);
  const whole = `${Math.floor(seconds / largest.span)} ${largest.name}`;
  return rest === 0 ? whole : `${whole} ${rest} ${next.name}`;
}

/** `3 min ago`, `in 2 h` */
export function relativeTo(now: Date, at: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const length = Math.abs(seconds);
  if (length < 1) return t.time.now;
  const { name, span } = units.find(({ span }) => length >= span) ?? second;
  const phrase = `${Math.floor(length / span)} ${name}`;
  return seconds > 0 ? t.time.in(phrase) : t.time.ago(phrase);
}

const second = { name: t.time.units.s, span: 1 };
const units = [
  { name: t.time.units.y, span: 31_557_600 },
  { name: t.time.units.d, span: 86_400 },
  { name: t.time.units.h, span: 3600 },
  { name: t.time.units.min, span: 60 },
  second,
];
