import type { Pattern } from './search.js';

/** A text in quotes, its wildcards between the pieces. */
export function quote(pieces: Pattern): string {
  return `"${pieces.map((piece) => piece.replaceAll(/["\\*]/g, String.raw`\$&`)).join('*')}"`;
}

/** A value as it is written in a search: in quotes only where it could be read as something else without. */
export function formatValue(pieces: Pattern): string {
  const bare = pieces.join('*');
  const isPlain = bare !== '' && /^[^\s"]\S*$/.test(bare) && !pieces.some((piece) => piece.includes('*'));
  return isPlain ? bare : quote(pieces);
}
