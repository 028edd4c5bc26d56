import { priorities } from '../job/priority.js';
import { states } from '../job/state.js';
import { closest, type SearchProblem } from './problem.js';
import type { Condition, PatternSubject } from './search.js';
import { plainText, type Term } from './terms.js';

const LARGEST_ID = 2n ** 63n - 1n;

type Choosable = 'id' | 'state' | 'priority' | Exclude<PatternSubject, 'text'>;

/** Reads one of the values that a condition offers. Of a problem, the suggestion is the value alone. */
export function readChoice(on: Choosable, { isNegated, value }: Term): Condition | SearchProblem {
  switch (on) {
    case 'id': {
      const text = plainText(value);
      if (!/^\d+$/.test(text) || BigInt(text) > LARGEST_ID)
        return { message: `'${text}' is no id: expected a number.`, at: value.at, suggestion: undefined };
      return { on, isNegated, values: [String(BigInt(text))] };
    }
    case 'state':
    case 'priority': {
      const known: readonly string[] = on === 'state' ? states : priorities;
      const text = plainText(value).toLowerCase();
      // The value is one of those of its condition, as is seen here.
      if (known.includes(text)) return { on, isNegated, values: [text] } as Condition;
      return { ...unknownValue(on, { text: plainText(value), known }), at: value.at };
    }
    case 'name':
    case 'queue':
    case 'tag':
    case 'server':
    case 'recurring':
    case 'error':
      return { on, isNegated, values: [value.pieces] };
  }
}

function unknownValue(
  on: string,
  { text, known }: { readonly text: string; readonly known: readonly string[] },
): Omit<SearchProblem, 'at'> {
  const suggestion = closest(text, known);
  const hint = suggestion === undefined ? '.' : `; did you mean '${suggestion}'?`;
  return { message: `There is no ${on} '${text}'${hint} Known: ${known.join(', ')}.`, suggestion };
}
