import { parseSearch } from '../../src/search/parse-search.js';
import type { Search } from '../../src/search/search.js';

/** The search that a text says; a test that writes none has failed. */
export function searchOf(text: string): Search {
  const parsed = parseSearch(text);
  if ('search' in parsed) return parsed.search;
  throw new Error(`${text} is no search: ${parsed.problem.message}`);
}
