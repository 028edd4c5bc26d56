import { errorRecord, isError } from './error-record.js';
import { isTooDeep } from './json-depth.js';
import { cut, storableJson } from './serialisation.js';
import { shown } from './thrown.js';

/** Of all facts of a line together, as JSON. */
const FACTS_LIMIT = 4000;
/** Of an error among the facts: together they leave room for others. */
const ERROR_LIMITS = { message: 1000, stack: 2000, cause: 500 };

/** What the lines of a child logger have in common: plain data of its own, which the handler cannot change. */
export type LogContext = Readonly<Record<string, unknown>>;

/** The facts of a logger together with those of its child. Never throws. */
export function childContext(context: LogContext | undefined, facts: object): LogContext {
  const kept = boundedFacts(allFacts(context, facts));
  return typeof kept === 'object' ? { ...kept } : { facts: kept };
}

/** The facts of a line and those of its logger, ready to be written as JSON, or described in words. Never throws. */
export function allFacts(context: LogContext | undefined, facts: object | undefined): unknown {
  if (facts === undefined) return context;
  try {
    const readable = withReadableErrors(facts);
    return context === undefined ? readable : { ...context, ...readable };
  } catch {
    return shown(facts, 3);
  }
}

/** As JSON that Postgres can keep; undefined if there is none, if it is too long, or too deep. Never throws. */
export function boundedJson(value: unknown): string | undefined {
  try {
    const json: string | undefined = JSON.stringify(value);
    if (json === undefined || json.length > FACTS_LIMIT || isTooDeep(json)) return undefined;
    return storableJson(json);
  } catch {
    return undefined;
  }
}

/** The facts as plain data; if they are too many or have no JSON (a cycle, a BigInt), the beginning of what they look like. */
export function boundedFacts(facts: unknown): unknown {
  const json = boundedJson(facts);
  return json === undefined ? cut(shown(facts, 3), FACTS_LIMIT) : JSON.parse(json);
}

/** As JSON an error would be an empty object: everything that it says of itself is hidden from enumeration. */
function withReadableErrors(facts: object): object {
  if (isError(facts)) return { err: readableError(facts) };
  const errors: [key: string, error: object][] = [];
  for (const key of Object.keys(facts)) {
    const value: unknown = Reflect.get(facts, key);
    if (typeof value === 'object' && isError(value)) errors.push([key, readableError(value)]);
  }
  return errors.length === 0 ? facts : { ...facts, ...Object.fromEntries(errors) };
}

function readableError(error: unknown): object {
  const { name, code, message, stack = '', cause } = errorRecord(error);
  return {
    name,
    code,
    message: cut(message, ERROR_LIMITS.message),
    stack: cut(stack, ERROR_LIMITS.stack),
    cause: cause && cut(`${cause.name}: ${cause.message}`, ERROR_LIMITS.cause),
  };
}
