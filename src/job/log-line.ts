import { boundedFacts, boundedJson } from './log-facts.js';
import { cut } from './serialisation.js';

/** Lines of a lower level are not kept. */
export type LogLevel = 'info' | 'warn' | 'error';

export interface NewLine {
  readonly level: LogLevel;
  /** Milliseconds since the first line of its row. */
  readonly afterMs: number;
  readonly message: string;
  /** As `allFacts` makes them; undefined if there are none. */
  readonly facts?: unknown;
}

const MESSAGE_LIMIT = 4000;

/**
 * A line as it is stored: `[afterMs, level, message, facts]`, an array because the keys of an object would double it. Written
 * when the line is said: the handler may change its facts afterwards. In one go if it is short, as hardly any is not: joined
 * from parts, the lines that wait took the garbage collector as long as all the rest.
 */
export function lineText({ level, afterMs, message, facts }: NewLine): string {
  const said = [Math.round(afterMs), level, cut(message, MESSAGE_LIMIT)];
  if (facts === undefined) return JSON.stringify(said);
  return boundedJson([...said, facts]) ?? JSON.stringify([...said, boundedFacts(facts)]);
}
