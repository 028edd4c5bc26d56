import { cut } from './serialisation.js';

/** Lines of a lower level are not kept. */
export type LogLevel = 'info' | 'warn' | 'error';

export interface NewLine {
  readonly level: LogLevel;
  /** Milliseconds since the first line of its row. */
  readonly afterMs: number;
  readonly message: string;
  /** As `factsText` writes them; empty if there are none. */
  readonly facts: string;
}

const MESSAGE_LIMIT = 4000;

/** A line as it is stored: `[afterMs, level, message, facts]`. An array, because the keys of an object would double it. */
export function lineText({ level, afterMs, message, facts }: NewLine): string {
  const kept = JSON.stringify(String(message, MESSAGE_LIMIT));
  const end = facts === '' ? ']' : `,{${facts}}]`;
  return `[${Math.round(afterMs)},"${level}",${kept}${end}`;
}
