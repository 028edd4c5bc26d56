import { inspect } from 'node:util';
import { storable } from './serialisation.js';

/** What is kept of a thrown value: enough to understand it later, small enough never to block the write. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly cause?: ErrorRecord;
}

const MESSAGE_LIMIT = 10_000;
const STACK_LIMIT = 20_000;
const CAUSE_DEPTH = 5;

/** Turns anything that was thrown (an Error, a string, `undefined`, a hostile object) into a record. */
export function errorRecord(thrown: unknown, depth = 0): ErrorRecord {
  if (!(thrown instanceof Error)) return { name: 'NonError', message: describe(thrown) };
  const error = read(thrown);
  const cause =
    depth < CAUSE_DEPTH && error.cause !== undefined ? errorRecord(error.cause, depth + 1) : undefined;
  return {
    name: cut(error.name, 200),
    message: cut(error.message, MESSAGE_LIMIT),
    ...(error.stack === undefined ? {} : { stack: cut(error.stack, STACK_LIMIT) }),
    ...(error.code === undefined ? {} : { code: cut(error.code, 200) }),
    ...(cause === undefined ? {} : { cause }),
  };
}

interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly cause?: unknown;
}

/** Getters of a hostile error may throw, and what they return may be anything. */
function read(error: Error): ErrorFacts {
  try {
    return {
      name: textOf(error.name) ?? 'Error',
      message: textOf(error.message) ?? '',
      stack: textOf(error.stack),
      code: 'code' in error ? textOf(error.code) : undefined,
      cause: error.cause,
    };
  } catch {
    return { name: 'Error', message: 'The error that was thrown cannot be read: one of its getters throws.' };
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : inspect(value, { depth: 1 });
}

/** `inspect` calls no getters and bears cycles. */
function describe(thrown: unknown): string {
  const text = typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 3 });
  return cut(`A value that is not an Error was thrown: ${text}`, MESSAGE_LIMIT);
}

function cut(text: string, limit: number): string {
  const kept = text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
  return storable(kept);
}
