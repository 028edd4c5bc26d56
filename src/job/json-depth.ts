/**
 * How deep args and results may be nested. Postgres reads JSON recursively, within max_stack_depth: at the lowest setting
 * that it allows (100 kB) Postgres 15 took 620 levels of objects, at the default (2 MB) 13,000.
 */
export const DEPTH_LIMIT = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Whether a JSON text is nested deeper than the limit. Looks at its characters only where it is long enough for that. */
export function isTooDeep(json: string): boolean {
  if (json.length <= 2 * DEPTH_LIMIT) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfString(json, at);
    else if (CLOSING.has(character)) depth -= 1;
    else if (OPENING.has(character)) {
      depth += 1;
      if (depth > DEPTH_LIMIT) return true;
    }
  }
  return false;
}

function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) return at;
    if (character === BACKSLASH) at += 1;
  }
  return json.length;
}
