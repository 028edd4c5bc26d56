import { english as t } from '../english.js';
import { formatNumber } from './count.js';

/** JSON, ready to be shown. */
export interface JsonView {
  readonly tokens: readonly JsonToken[];
  /** Says so if the text is only the beginning. */
  readonly cut: string | undefined;
  /** Where the whole is. */
  readonly wholeHref: string | undefined;
}

/** A piece of the text; what is not coloured has no kind. */
interface JsonToken {
  readonly kind?: 'key' | 'string' | 'number' | 'literal';
  readonly text: string;
}

/** More than a person reads, and little enough for every browser. */
const LIMIT = 50_000;
/** Indentation grows with the square of the depth: 10,000 nested arrays would fill 200 MB. */
const DEPTH_LIMIT = 50;

/** The value as indented JSON; what is very deep or very long on fewer lines, or cut. */
export function jsonView(value: unknown, wholeHref?: string): JsonView {
  const text = isDeep(value, DEPTH_LIMIT) ? JSON.stringify(value) : JSON.stringify(value, null, 2);
  if (text.length <= LIMIT) return { tokens: tokensOf(text), cut: undefined, wholeHref: undefined };
  return {
    tokens: tokensOf(text.slice(0, LIMIT).toWellFormed()),
    cut: t.job.cut(formatNumber(LIMIT), formatNumber(text.length)),
    wholeHref,
  };
}

/** A string with its colon is a key; at a cut, a string may lack its end. */
const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;

function tokensOf(text: string): readonly JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, number] = match;
    if (match.index > end) tokens.push({ text: text.slice(end, match.index) });
    end = match.index + whole.length;
    if (string === undefined) tokens.push({ kind: number === undefined ? 'literal' : 'number', text: whole });
    else if (colon === undefined) tokens.push({ kind: 'string', text: string });
    else tokens.push({ kind: 'key', text: string }, { text: colon });
  }
  if (end < text.length) tokens.push({ text: text.slice(end) });
  return tokens;
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeep(item, levels - 1));
}
