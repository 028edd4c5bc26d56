import { formatPath } from './args-path.js';
import { formatMoment } from './moment.js';
import { formatValue, quote } from './quote.js';
import type { ArgsValue, Condition, Pattern, Search } from './search.js';

/** Writes a search so that `parseSearch` reads the same: in its conditions' order, with quotes where they are needed. */
export function formatSearch({ conditions }: Search): string {
  return conditions.flatMap(formatCondition).join(' ');
}

function formatCondition(condition: Condition): readonly string[] {
  if ('moment' in condition) return [`${condition.on}:${formatMoment(condition.moment)}`];
  const minus = condition.isNegated ? '-' : '';
  return formatValues(condition).map((value) => `${minus}${value}`);
}

function formatValues(condition: Exclude<Condition, { readonly moment: unknown }>): readonly string[] {
  const { on } = condition;
  switch (on) {
    case 'id':
    case 'state':
    case 'priority':
      return condition.values.map((value) => `${on}:${value}`);
    case 'args':
      return condition.values.map((value) => `args${formatPath(condition.path)}:${formatArgsValue(value)}`);
    case 'text':
      return condition.values.map(formatWord);
    case 'name':
    case 'queue':
    case 'tag':
    case 'server':
    case 'recurring':
    case 'error':
      return condition.values.map((pieces) => `${on}:${formatValue(pieces)}`);
  }
}

/** Bare words are also read as ids, as negations and as qualifiers. */
function formatWord(pieces: Pattern): string {
  const bare = formatValue(pieces);
  return /^(?:-|\d+$)|:/.test(bare) ? quote(pieces) : bare;
}

function formatArgsValue({ text, isLiteral }: ArgsValue): string {
  if (isLiteral) return text;
  return /^[\w-]/.test(text) && !READS_AS_LITERAL.test(text) ? formatValue([text]) : quote([text]);
}

const READS_AS_LITERAL = /^(?:-?\d|(?:true|false|null)$)/i;
