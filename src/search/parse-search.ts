import { storable } from '../job/serialisation.js';
import { readPath } from './args-path.js';
import { closest, type SearchProblem } from './problem.js';
import { isQualifier, qualifierNames } from './qualifiers.js';
import { readChoice } from './read-choice.js';
import { readMoment } from './moment.js';
import type { ArgsValue, Condition, Search } from './search.js';
import { plainText, readTerms, type Term } from './terms.js';

/** More than anybody types; what is longer was not meant as a search. */
const LENGTH_LIMIT = 2000;
const TERM_LIMIT = 50;
const LITERAL = /^(?:-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:e[+-]?\d{1,2})?|true|false|null)$/i;

/**
 * Reads a search such as `state:failed name:send-* args.userId:42 -tag:bulk "connection refused"`. Different conditions must
 * all hold; of the same qualifier twice, either; negated, none of them. Bare words must all occur in the name or the last
 * error; one of digits alone is an id. Never throws: what cannot be read is a problem to be shown.
 */
export function parseSearch(text: string): { readonly search: Search } | { readonly problem: SearchProblem } {
  if (text.length > LENGTH_LIMIT) return tooLong(`longer than ${LENGTH_LIMIT} characters`, LENGTH_LIMIT);
  const kept = storable(text);
  const terms = readTerms(kept);
  const excess = terms[TERM_LIMIT];
  if (excess !== undefined) return tooLong(`of more than ${TERM_LIMIT} words`, excess.at);
  const conditions: Condition[] = [];
  for (const term of terms) {
    const read = readTerm(term, kept);
    if ('message' in read) return { problem: read };
    const problem = add(conditions, read, term);
    if (problem !== undefined) return { problem };
  }
  return { search: { conditions } };
}

function tooLong(how: string, at: number): { readonly problem: SearchProblem } {
  return { problem: { message: `The search is ${how}: shorten it.`, at, suggestion: undefined } };
}

function readTerm(term: Term, text: string): Condition | SearchProblem {
  const { value, qualifier } = term;
  if (value.isUnclosed) {
    const suggestion = `${text}"`;
    return { message: 'The quotation mark is not closed.', at: value.at, suggestion };
  }
  if (value.isQuoted && /\S/.test(text[value.end] ?? ' '))
    return { message: 'Expected a blank after the quotation mark.', at: value.end, suggestion: undefined };
  return qualifier === undefined ? readWord(term) : readQualified(term, { qualifier, text });
}

function readWord(term: Term): Condition | SearchProblem {
  const { value, isNegated, at } = term;
  const word = plainText(value);
  if (word === '') return missing(at, isNegated ? 'a word after the minus sign' : 'a word in the quotes');
  if (value.isQuoted) return { on: 'text', isNegated, values: [value.pieces] };
  if (/^\d+$/.test(word)) return readChoice('id', term);
  if (/^args[.[].*:/i.test(word)) {
    const message = 'The path in the args cannot be read; it looks like args.items[0]."a key".sku:42.';
    return { message, at, suggestion: undefined };
  }
  return { on: 'text', isNegated, values: [value.pieces] };
}

function readQualified(
  term: Term,
  { qualifier, text }: { readonly qualifier: string; readonly text: string },
): Condition | SearchProblem {
  const name = qualifier.toLowerCase();
  if (!isQualifier(name) || (term.path !== '' && name !== 'args'))
    return unknownQualifier(term, { written: `${qualifier}${term.path}`, text });
  const said = plainText(term.value);
  if (said === '' && name !== 'args') return missing(term.value.at, `a value after '${name}:'`);
  if (name === 'args') return readArgs(term);
  if (name === 'after' || name === 'before') return readTime(term, name);
  const read = readChoice(name, term);
  if (!('message' in read) || read.suggestion === undefined) return read;
  const { at, end } = term.value;
  return { ...read, suggestion: `${text.slice(0, at)}${read.suggestion}${text.slice(end)}` };
}

function unknownQualifier(
  { at, isNegated, value }: Term,
  { written, text }: { readonly written: string; readonly text: string },
): SearchProblem {
  const nearest = closest(written, qualifierNames);
  const start = at + Number(isNegated);
  const hint = nearest === undefined ? '.' : `; did you mean '${nearest}'?`;
  return {
    message:
      `There is no qualifier '${written}'${hint} Known: ${qualifierNames.join(', ')}. ` +
      'A text with a colon stands in quotes.',
    at: start,
    suggestion:
      nearest === undefined
        ? undefined
        : `${text.slice(0, start)}${nearest}:${text.slice(Math.min(value.at, text.length))}`,
  };
}

function missing(at: number, what: string): SearchProblem {
  return { message: `Expected ${what}.`, at, suggestion: undefined };
}

function readArgs({ path, isNegated, value }: Term): Condition | SearchProblem {
  const text = plainText(value);
  if (text === '' && !value.isQuoted)
    return missing(value.at, 'a value after \'args:\'; the empty text is ""');
  return { on: 'args', path: readPath(path), isNegated, values: [argsValue(text, value.isQuoted)] };
}

function argsValue(text: string, isQuoted: boolean): ArgsValue {
  return { text, isLiteral: !isQuoted && LITERAL.test(text) };
}

function readTime({ isNegated, value, at }: Term, on: 'after' | 'before'): Condition | SearchProblem {
  const other = on === 'after' ? 'before' : 'after';
  if (isNegated) return { message: `Use '${other}:' instead of '-${on}:'.`, at, suggestion: undefined };
  const text = plainText(value);
  const moment = readMoment(text);
  if (moment !== undefined) return { on, moment };
  const message = `'${text}' is no time: expected an instant such as 2026-11-19T10:00, in UTC, or a time ago such as 2h.`;
  return { message, at: value.at, suggestion: undefined };
}

/** Of one qualifier there is one condition, with all of its values; a time bound stands once, and each bare word for itself. */
function add(conditions: Condition[], added: Condition, term: Term): SearchProblem | undefined {
  const place = added.on === 'text' ? -1 : conditions.findIndex((known) => isOfSame(known, added));
  const known = conditions[place];
  if (known === undefined) conditions.push(added);
  else if ('moment' in known)
    return { message: `'${known.on}:' stands here twice.`, at: term.at, suggestion: undefined };
  // Both are of one kind, as isOfSame has seen.
  else
    conditions[place] = {
      ...known,
      values: merged(known.values, (added as typeof known).values),
    } as Condition;
  return undefined;
}

function isOfSame(known: Condition, added: Condition): boolean {
  return subjectOf(known) === subjectOf(added);
}

/** What tells it from other conditions: everything but its values. */
function subjectOf(condition: Condition): string {
  return JSON.stringify({ ...condition, values: undefined, moment: undefined });
}

function merged(known: readonly unknown[], added: readonly unknown[]): readonly unknown[] {
  const texts = new Set(known.map((value) => JSON.stringify(value)));
  return [...known, ...added.filter((value) => !texts.has(JSON.stringify(value)))];
}
