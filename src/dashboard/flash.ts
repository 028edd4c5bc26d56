import { formatQuantity } from './count.js';

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

const sentences = {
  retry: { noun: 'job', done: 'put back into the queue to be tried again' },
  requeue: { noun: 'job', done: 'put back into the queue' },
  delete: { noun: 'job', done: 'deleted' },
  trigger: { noun: 'recurring job', done: 'triggered' },
  remove: { noun: 'recurring job', done: 'removed' },
  pause: { noun: 'recurring job', done: 'paused' },
  resume: { noun: 'recurring job', done: 'resumed' },
  change: { noun: 'recurring job', done: 'changed' },
  drop: { noun: 'recurring job', done: 'given back to what code says' },
} as const;

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
  if (asked === 0) return { text: `Nothing was selected. Tick one or more ${noun}s first.`, tone: 'warning' };
  if (applied >= asked) {
    return { text: `${formatQuantity(applied, noun)} ${were(applied)} ${done}.`, tone: 'done' };
  }
  const rest = asked - applied;
  const untouched = `${formatQuantity(rest, noun)} ${were(rest)} left alone: no longer there, or in another state by now.`;
  if (applied === 0) return { text: `Nothing was changed. ${untouched}`, tone: 'warning' };
  return { text: `${formatQuantity(applied, noun)} ${were(applied)} ${done}. ${untouched}`, tone: 'warning' };
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}
