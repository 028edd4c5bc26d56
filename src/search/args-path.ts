import { readPieces } from './terms.js';
import { quote } from './quote.js';

const SEGMENT = /\.(?:"((?:[^"\\]|\\.)*)"|([^\s."[\]:]+))|\[(-?\d+)\]/gis;

/** The keys of a path such as `.items[0]."odd key"`. An index is a key too: Postgres takes it for what it finds there. */
export function readPath(text: string): readonly string[] {
  return [...text.matchAll(SEGMENT)].map(
    ([, quoted, bare = '', index]) =>
      index ?? (quoted === undefined ? bare : readPieces(quoted, true).join('*')),
  );
}

/** The path as `readPath` reads it. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatKey).join('');
}

function formatKey(key: string): string {
  if (/^-?\d+$/.test(key)) return `[${key}]`;
  return /^[^\s."[\]:]+$/.test(key) ? `.${key}` : `.${quote([key])}`;
}
