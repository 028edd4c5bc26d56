import type { Pattern } from './search.js';

/** One word of a search, as it is written: `-qualifier.path:value`, or a value alone. */
export interface Term {
  /** Where it begins in the text. */
  readonly at: number;
  readonly isNegated: boolean;
  /** Undefined for a bare word. */
  readonly qualifier: string | undefined;
  /** What stands between the qualifier and the colon; the empty string where nothing does. */
  readonly path: string;
  readonly value: Value;
}

export interface Value {
  /** Where it begins in the text, the quotation mark included. */
  readonly at: number;
  readonly end: number;
  /** What it says, its wildcards taken out. */
  readonly pieces: Pattern;
  readonly isQuoted: boolean;
  /** It begins with a quotation mark, and the other is missing. */
  readonly isUnclosed: boolean;
}

/** In quotes a backslash makes the quotation mark, the wildcard and itself literal; anywhere else it is a backslash. */
const TERM =
  /(-?)(?:([a-z][\w-]*)((?:\.(?:"(?:[^"\\]|\\.)*"|[^\s."[\]:]+)|\[-?\d+\])*):)?(?:"((?:[^"\\]|\\.)*)("?)|(\S*))/isy;

/** The words of a text, in their order. */
export function readTerms(text: string): readonly Term[] {
  const terms: Term[] = [];
  for (let at = nextWord(text, 0); at < text.length; at = nextWord(text, terms.at(-1)?.value.end ?? at)) {
    terms.push(readTerm(text, at));
  }
  return terms;
}

/** The wildcards of a text are taken out, unless a backslash makes them literal. */
export function readPieces(text: string, isQuoted: boolean): Pattern {
  if (!isQuoted) return text.split('*');
  const pieces = [''];
  for (const [token] of text.matchAll(/\\["\\*]|[^]/gu)) {
    if (token === '*') pieces.push('');
    else pieces.push(`${pieces.pop() ?? ''}${token.length === 2 && token[0] === '\\' ? token[1] : token}`);
  }
  return pieces;
}

/** What the value says when its wildcards mean nothing. */
export function plainText({ pieces }: Value): string {
  return pieces.join('*');
}

function nextWord(text: string, from: number): number {
  const offset = text.slice(from).search(/\S/);
  return offset === -1 ? text.length : from + offset;
}

function readTerm(text: string, at: number): Term {
  TERM.lastIndex = at;
  // Every part of the pattern may be empty, so that it matches anywhere.
  const [all, minus = '', qualifier, path = '', quoted, closing, bare = ''] = TERM.exec(
    text,
  ) as RegExpExecArray;
  const isQuoted = quoted !== undefined;
  const end = at + all.length;
  const value = {
    at: end - (isQuoted ? quoted.length + 1 + (closing ?? '').length : bare.length),
    end,
    pieces: readPieces(quoted ?? bare, isQuoted),
    isQuoted,
    isUnclosed: isQuoted && closing === '',
  };
  return { at, isNegated: minus !== '', qualifier, path, value };
}
