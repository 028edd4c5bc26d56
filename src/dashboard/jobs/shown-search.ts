import { asksForArgs, withoutArgs } from '../../search/args-match.js';
import { formatSearch } from '../../search/format-search.js';
import { parseSearch } from '../../search/parse-search.js';
import type { Rights } from '../access/rights.js';
import { english as t } from '../english.js';

/** A search that somebody made, as the visitor may see it: what it asks of args tells of them, most of all where jobs matched. */
export function shownSearch(text: string, rights: Rights): string {
  if (rights.has('view-args')) return text;
  const read = parseSearch(text);
  if ('problem' in read) return t.jobs.argsLeftOut;
  if (!asksForArgs(read.search)) return text;
  return `${formatSearch(withoutArgs(read.search))} ${t.jobs.argsLeftOut}`.trim();
}
