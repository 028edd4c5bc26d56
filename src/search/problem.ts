import { closestMatch } from 'leven';

/** Why a text is no search. */
export interface SearchProblem {
  /** What is wrong, and what was expected there. */
  readonly message: string;
  /** Where in the text: the place of the first character that is wrong. */
  readonly at: number;
  /** The whole text with what was probably meant; undefined if that is not known. */
  readonly suggestion: string | undefined;
}

/** The known word that was probably meant. */
export function closest(word: string, known: readonly string[]): string | undefined {
  return closestMatch(word.toLowerCase(), known, { maxDistance: 2 });
}
