import { english as t } from '../english.js';

const sentences = t.outcomes.acts;

/** What an act did, as a code in the address to which the post redirects: no text of an address is ever shown. */
export interface Outcome {
  readonly act: keyof typeof sentences;
  readonly asked: number;
  readonly applied: number;
}

export interface Flash {
  readonly text: string;
  readonly tone: 'done' | 'warning';
}

const CODE = new RegExp(`^(${Object.keys(sentences).join('|')})\\.(\\d{1,4})\\.(\\d{1,4})$`);

export function flashCode({ act, asked, applied }: Outcome): string {
  return `${act}.${applied}.${asked}`;
}

/** Undefined for what is not a code. */
export function flashOf(code: string | null): Flash | undefined {
  const [, act, applied, asked] = CODE.exec(code ?? '') ?? [];
  if (act === undefined) return undefined;
  // The pattern admits no other acts.
  return sentenceOf({ act: act as Outcome['act'], applied: Number(applied), asked: Number(asked) });
}

function sentenceOf({ act, applied, asked }: Outcome): Flash {
  const { noun, done } = sentences[act];
  const { nothingSelected, untouched, nothingChanged } = t.outcomes;
  if (asked === 0) return { text: nothingSelected(noun), tone: 'warning' };
  if (applied >= asked) return { text: t.outcomes.done(applied, noun, done), tone: 'done' };
  const begin = applied === 0 ? nothingChanged : t.outcomes.done(applied, noun, done);
  return { text: `${begin} ${untouched(asked - applied, noun)}`, tone: 'warning' };
}
