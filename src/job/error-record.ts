import { types } from 'node:util';
import { cut } from './serialisation.js';
import { isInstance, property, shown } from './thrown.js';

/** What is kept of a thrown value: enough to understand it later, small enough never to block the write. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly cause?: ErrorRecord;
  /** The first ten errors of an AggregateError; if there were more, a last entry that says how many. */
  readonly errors?: readonly ErrorRecord[];
}

const MESSAGE_LIMIT = 10_000;
const STACK_LIMIT = 20_000;
const CAUSE_DEPTH = 5;
const ERRORS_LIMIT = 10;
/** Of one thrown value, all in all: aggregates of aggregates would grow without bound. */
const RECORD_LIMIT = 40;

interface Place {
  readonly depth: number;
  /** Shared by all records of one thrown value. */
  readonly budget: { left: number };
}

/** Turns anything that was thrown (an Error, a string, `undefined`, a hostile object) into a record. Never throws. */
export function errorRecord(thrown: unknown): ErrorRecord {
  return recordOf(thrown, { depth: 0, budget: { left: RECORD_LIMIT } });
}

function recordOf(thrown: unknown, { depth, budget }: Place): ErrorRecord {
  budget.left -= 1;
  if (!isError(thrown)) return { name: 'NonError', message: describe(thrown) };
  const message = textOf(property(thrown, 'message')) ?? 'The message of the error cannot be read.';
  const stack = textOf(property(thrown, 'stack'));
  const code = textOf(property(thrown, 'code'));
  const inner = { depth: depth + 1, budget };
  const cause = property(thrown, 'cause');
  const errors = depth < CAUSE_DEPTH ? innerErrors(thrown, inner) : [];
  return {
    name: cut(textOf(property(thrown, 'name')) ?? 'Error', 200),
    message: cut(message, MESSAGE_LIMIT),
    ...(stack === undefined ? {} : { stack: cut(withoutBulk(stack, message), STACK_LIMIT) }),
    ...(code === undefined ? {} : { code: cut(code, 200) }),
    ...(cause === undefined || !mayGoDeeper(inner) ? {} : { cause: recordOf(cause, inner) }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/** An error of another realm (a vm context) is no `instanceof Error`. */
export function isError(thrown: unknown): thrown is Error {
  return isInstance(thrown, Error) || types.isNativeError(thrown);
}

function innerErrors(thrown: object, place: Place): ErrorRecord[] {
  const errors = isInstance(thrown, AggregateError) ? arrayOf(property(thrown, 'errors')) : [];
  const records: ErrorRecord[] = [];
  for (const error of errors.slice(0, ERRORS_LIMIT))
    if (mayGoDeeper(place)) records.push(recordOf(error, place));
  const omitted = errors.length - records.length;
  return omitted === 0 ? records : [...records, { name: 'Omitted', message: `${omitted} more of them` }];
}

function mayGoDeeper({ depth, budget }: Place): boolean {
  return depth <= CAUSE_DEPTH && budget.left > 0;
}

function arrayOf(value: unknown): readonly unknown[] {
  try {
    return Array.isArray(value) ? Array.from<unknown>(value) : [];
  } catch {
    return [];
  }
}

function textOf(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : shown(value, 1);
}

function describe(thrown: unknown): string {
  const text = typeof thrown === 'string' ? thrown : shown(thrown, 3);
  return cut(`A value that is not an Error was thrown: ${text}`, MESSAGE_LIMIT);
}

/** The stack begins with the message: one of megabytes would leave no room for the frames. */
function withoutBulk(stack: string, message: string): string {
  if (stack.length <= STACK_LIMIT || message.length <= MESSAGE_LIMIT) return stack;
  const at = stack.indexOf(message);
  return at === -1 ? stack : `${stack.slice(0, at)}…${stack.slice(at + message.length)}`;
}
