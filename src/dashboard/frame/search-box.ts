import { english as t } from '../english.js';
import type { Url } from './url.js';

/** The box at the top of every page. */
export interface SearchBox {
  readonly action: string;
  readonly label: string;
  readonly text: string;
  /** What is wrong with the text, if something is. */
  readonly problem: string | undefined;
  readonly choices: readonly Choice[];
}

interface Choice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly isChosen: boolean }[];
}

/** Leads to the list of all jobs. */
export function searchAnywhere(url: Url): SearchBox {
  return { action: url('/jobs'), label: t.frame.search, text: '', problem: undefined, choices: [] };
}
