import { UnstorableValueError } from '../errors.js';
import { DEPTH_LIMIT, isTooDeep } from './json-depth.js';
import { isInstance, property } from './thrown.js';

/** The largest args that are stored: bigger data belongs in a table or an object store, with its key in the args. */
const ARGS_LIMIT_BYTES = 1024 * 1024;
const RESULT_LIMIT_BYTES = 1024 * 1024;
const TOO_DEEP = `nested deeper than ${DEPTH_LIMIT} levels`;

// JSON.stringify writes NUL as \u0000 and a lone surrogate as \ud8xx..\udfxx; jsonb refuses both. It also refuses numbers
// of more than 131,072 digits, which JSON.rawJSON can write, with an exponent or without. The text may hold something
// harmless that looks the same, so a match only means: look closer.
const SUSPICIOUS = /\\u(?:0000|d[89a-f])|\de[+-]?\d{4}/i;
const NUMERIC_DIGITS = 131_072;

/** The JSON text of a job's args. @throws UnstorableValueError naming the path of what Postgres could not keep. */
export function serialiseArgs(args: unknown): string {
  const text = argsText(args);
  const bytes = Buffer.byteLength(text);
  if (bytes > ARGS_LIMIT_BYTES) {
    const advice = 'Store the data elsewhere and pass its key.';
    throw new UnstorableValueError(
      'args',
      `${bytes} bytes of JSON exceed the limit of ${ARGS_LIMIT_BYTES}. ${advice}`,
    );
  }
  if (isTooDeep(text)) throw new UnstorableValueError('args', `${TOO_DEEP}. Pass flatter data.`);
  if (isSuspicious(text)) refuseHostile(JSON.parse(text), 'args');
  return text;
}

function argsText(args: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(args);
  } catch (error) {
    throw new UnstorableValueError('args', reasonOf(error), { cause: error });
  }
  if (text !== undefined) return text;
  if (args === undefined) return 'null';
  throw new UnstorableValueError('args', `a ${typeof args} has no JSON form. Pass plain data.`);
}

/**
 * The JSON text of a handler's result, or undefined if there is none. Never throws: the work is done, so a result that
 * cannot be kept is replaced by a note that says why.
 */
export function serialiseResult(result: unknown): string | undefined {
  if (result === undefined) return undefined;
  try {
    const text = JSON.stringify(result);
    if (text === undefined) return undefined;
    if (Buffer.byteLength(text) > RESULT_LIMIT_BYTES) {
      return note(`larger than ${RESULT_LIMIT_BYTES} bytes of JSON`);
    }
    if (isTooDeep(text)) return note(TOO_DEEP);
    return storableJson(text);
  } catch (error) {
    return note(reasonOf(error));
  }
}

function isSuspicious(text: string): boolean {
  return text.length > NUMERIC_DIGITS || SUSPICIOUS.test(text);
}

/** The string as Postgres can keep it: NUL and lone surrogates become U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** The same for a text that JSON.stringify has written. */
export function storableJson(text: string): string {
  return isSuspicious(text) ? JSON.stringify(repaired(JSON.parse(text))) : text;
}

/** The beginning of the string, as Postgres can keep it; one that was cut says how long it was. */
export function cut(text: string, limit: number): string {
  const kept = text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
  return storable(kept);
}

function note(reason: string): string {
  return JSON.stringify({ resultNotStored: reason });
}

/** What JSON.stringify has thrown: its own error, or whatever a getter or `toJSON` of the value threw. */
function reasonOf(thrown: unknown): string {
  const message = isInstance(thrown, Error) ? property(thrown, 'message') : undefined;
  const [reason = ''] = typeof message === 'string' ? message.split('\n', 1) : ['it threw when serialised'];
  // JSON.stringify is recursive: some thousands of levels fill the stack.
  if (reason.startsWith('Maximum call stack')) return `${TOO_DEEP}. Pass flatter data.`;
  return storable(`${reason.slice(0, 1000)}. Pass plain data: JSON has no cycles and no BigInt.`);
}

function refuseHostile(value: unknown, path: string): void {
  if (typeof value === 'string') return refuseHostileString(value, path);
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    throw new UnstorableValueError(path, 'the number is larger than any of JavaScript. Pass it as a string.');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const itemPath = Array.isArray(value) ? `${path}[${key}]` : `${path}.${storable(key)}`;
    refuseHostileString(key, itemPath);
    refuseHostile(item, itemPath);
  }
}

function refuseHostileString(text: string, path: string): void {
  if (text.includes('\0'))
    throw new UnstorableValueError(path, 'it contains a NUL character (U+0000). Remove it.');
  if (!text.isWellFormed()) {
    throw new UnstorableValueError(
      path,
      'it contains a lone surrogate, half of a character. Use toWellFormed().',
    );
  }
}

function repaired(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(repaired);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), repaired(item)]));
}
