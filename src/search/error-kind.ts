import type { Pattern } from './search.js';

/** What differs from one occurrence of an error to the next: quoted parts, UUIDs, hex ids, and numbers. */
const PARTICULARS = new RegExp(
  [
    /"[^"]*(?:"|$)/,
    /`[^`]*(?:`|$)/,
    // an apostrophe inside a word is no quotation mark
    /(?<!\w)'[^']*'(?!\w)/,
    /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/,
    /\b0x[\da-f]+\b/,
    /\b(?=[a-f]*\d)[\da-f]{8,}\b/,
    /\d+(?:[.,:]\d+)*/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

/** The pattern that errors of one kind share: messages that differ only in ids have the same. */
export function errorKind(error: string): Pattern {
  return error.split(PARTICULARS);
}
