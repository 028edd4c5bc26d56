import { priorities } from '../job/priority.js';
import { states } from '../job/state.js';
import { qualifierNames, qualifiers, type Qualifier } from './qualifiers.js';
import { plainText, readTerms, type Term } from './terms.js';

export interface Completions {
  /** What is chosen replaces the text from here to the cursor. */
  readonly start: number;
  readonly offered: readonly Completion[];
  /** The values to be looked up in the database: those that begin with the prefix. Their text is that of `formatValue`. */
  readonly values: { readonly of: KnownValue; readonly prefix: string } | undefined;
}

interface Completion {
  readonly text: string;
  readonly meaning: string;
}

/** What the database knows values of. */
export type KnownValue = 'name' | 'queue' | 'tag' | 'server' | 'recurring';

const knownValues: readonly string[] = ['name', 'queue', 'tag', 'server', 'recurring'] satisfies KnownValue[];

const fixedValues: Partial<Readonly<Record<Qualifier, readonly string[]>>> = {
  state: states,
  priority: priorities,
  after: ['15m', '1h', '24h', '7d'],
  before: ['15m', '1h', '24h', '7d'],
};

/** What may stand where the cursor is: qualifiers where a word begins, values after a qualifier. */
export function completions(text: string, cursor: number): Completions {
  const before = text.slice(0, cursor);
  const last = readTerms(before).at(-1);
  if (last === undefined || last.value.end < before.length) return qualifiersFor('', cursor);
  return last.qualifier === undefined
    ? wordCompletions(last)
    : valueCompletions(last, last.qualifier.toLowerCase());
}

function wordCompletions({ value }: Term): Completions {
  if (value.isQuoted) return { start: value.end, offered: [], values: undefined };
  return qualifiersFor(plainText(value).toLowerCase(), value.at);
}

function qualifiersFor(prefix: string, start: number): Completions {
  const fitting = qualifierNames.filter((name) => name.startsWith(prefix));
  const offered = fitting.map((name) => ({
    text: name === 'args' ? 'args.' : `${name}:`,
    meaning: qualifiers[name],
  }));
  return { start, offered, values: undefined };
}

function valueCompletions({ value }: Term, qualifier: string): Completions {
  const prefix = plainText(value);
  // Any text may be asked for; what is no qualifier has no values.
  const fixed = Object.hasOwn(fixedValues, qualifier) ? (fixedValues[qualifier as Qualifier] ?? []) : [];
  const offered = fixed.filter((known) => known.startsWith(prefix.toLowerCase()));
  return {
    start: value.at,
    offered: offered.map((text) => ({ text, meaning: '' })),
    values: isKnownValue(qualifier) ? { of: qualifier, prefix } : undefined,
  };
}

function isKnownValue(qualifier: string): qualifier is KnownValue {
  return knownValues.includes(qualifier);
}
