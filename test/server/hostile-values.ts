/** Values that make it hard to say what they are. */
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';

const MEGABYTE = 1_000_000;

export function throwing(): never {
  throw new Error('thrown by a getter');
}

export function revoked(target: object = {}): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** An object, or the one given, whose properties throw when they are read. */
function unreadable(keys: readonly PropertyKey[], target: object = {}): object {
  for (const key of keys) Object.defineProperty(target, key, { get: throwing, enumerable: true });
  return target;
}

function nested(depth: number, as: 'arrays' | 'objects' = 'arrays'): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = as === 'arrays' ? [value] : { next: value };
  return value;
}

function cycle(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

const trapped = new Proxy(new Error('x'), {
  get: throwing,
  getPrototypeOf: throwing,
  ownKeys: throwing,
  has: throwing,
});
const badText = 'a\0b\ud800c';
const withBadText = Object.assign(new Error(badText), {
  name: badText,
  code: badText,
  stack: `Error\n    at ${badText}`,
});
const withBulk = new Error('x'.repeat(5 * MEGABYTE));
const selfCaused = Object.assign(new Error('its own cause'));
selfCaused.cause = selfCaused;
const manyErrors = Array.from({ length: 12 }, (_, n) => new Error(`inner ${n}`));
const selfContaining = new AggregateError([], 'holds itself');
selfContaining.errors.push(selfContaining, revoked(), undefined);
const wide = () =>
  new AggregateError(
    manyErrors.map((error) => new AggregateError(manyErrors, error.message)),
    'wide',
  );

/** What may be thrown, and what its record's message must say. */
export const thrown: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['undefined', () => undefined, /not an Error was thrown: undefined/],
  ['null', () => null, /not an Error was thrown: null/],
  ['a number', () => Number.NaN, /: NaN/],
  ['a BigInt', () => 1n, /: 1n/],
  ['a symbol', () => Symbol('own'), /Symbol\(own\)/],
  ['a function', () => throwing, /\[Function: throwing\]/],
  ['a string with NUL', () => badText, /a\uFFFDb\uFFFDc/],
  ['a string of 5 MB', () => 'x'.repeat(5 * MEGABYTE), /xxx… \(\d+ characters\)$/],
  ['an object of 5 MB', () => ({ data: 'x'.repeat(5 * MEGABYTE) }), /not an Error was thrown: \{/],
  ['a cycle', () => cycle(), /Circular/],
  ['a very deep object', () => nested(100_000, 'objects'), /not an Error was thrown/],
  ['a revoked Proxy', () => revoked(), /Revoked Proxy/],
  ['a revoked Proxy of a function', () => revoked(throwing), /Revoked Proxy/],
  ['a revoked Proxy of an error', () => revoked(new Error('x')), /Revoked Proxy/],
  ['a Proxy whose traps throw', () => trapped, /not an Error was thrown/],
  ['an object whose tag throws', () => unreadable([Symbol.toStringTag]), /throws when it is looked at/],
  ['an object whose inspection throws', () => ({ key: 'value', [inspect.custom]: throwing }), /key: 'value'/],
  ['a promise that rejects', () => Promise.reject(new Error('x')), /Promise/],
  ['an error without a message', () => new Error(''), /^$/],
  ['an error of 5 MB', () => withBulk, /^x{10000}… \(5000000 characters\)$/],
  ['an error with NUL and half characters everywhere', () => withBadText, /^a\uFFFDb\uFFFDc$/],
  [
    'an error whose getters throw',
    () => unreadable(['stack', 'name', 'message', 'code', 'cause'], new Error('x')),
    /cannot be read/,
  ],
  ['an error whose stack alone throws', () => unreadable(['stack'], new Error('readable')), /^readable$/],
  [
    'an error whose message is a symbol',
    () => Object.assign(new Error('x'), { message: Symbol('m') }),
    /Symbol\(m\)/,
  ],
  ['an error whose cause is a revoked Proxy', () => new Error('outer', { cause: revoked() }), /^outer$/],
  ['an error whose cause throws', () => unreadable(['cause'], new Error('outer')), /^outer$/],
  ['an error that causes itself', () => selfCaused, /its own cause/],
  ['an error of another realm', () => runInNewContext("new TypeError('from elsewhere')"), /^from elsewhere$/],
  ['an error whose toJSON throws', () => Object.assign(new Error('outer'), { toJSON: throwing }), /^outer$/],
  ['an AggregateError', () => new AggregateError(manyErrors, 'all failed'), /^all failed$/],
  ['an AggregateError that holds itself', () => selfContaining, /^holds itself$/],
  ['an AggregateError of AggregateErrors', () => wide(), /^wide$/],
  [
    'an AggregateError whose errors throw',
    () => unreadable(['errors'], new AggregateError([], 'hidden')),
    /^hidden$/,
  ],
  [
    'an AggregateError whose errors are none',
    () => Object.assign(new AggregateError([]), { errors: revoked([]) }),
    /^$/,
  ],
];

const note = (reason: RegExp) => ({ resultNotStored: expect.stringMatching(reason) });

/** What a handler may return, and what is kept of it. */
export const returned: readonly (readonly [string, () => unknown, unknown])[] = [
  ['a string with NUL', () => 'a\0b', 'a\uFFFDb'],
  ['half a character', () => ({ '\udc00': '\ud800' }), { '\uFFFD': '\uFFFD' }],
  ['a cycle', cycle, note(/circular/i)],
  ['a BigInt', () => ({ n: 1n }), note(/BigInt/)],
  ['5 MB', () => 'x'.repeat(5 * MEGABYTE), note(/larger than 1048576 bytes/)],
  ['a function', () => throwing, undefined],
  ['a symbol', () => Symbol('own'), undefined],
  ['500 levels', () => nested(500), nested(500)],
  ['501 levels', () => nested(501), note(/nested deeper than 500 levels/)],
  ['501 levels of objects', () => nested(501, 'objects'), note(/nested deeper than 500 levels/)],
  ['100,000 levels', () => nested(100_000), note(/nested deeper than 500 levels/)],
  ['brackets in a string', () => `"${'['.repeat(2000)}\\`, `"${'['.repeat(2000)}\\`],
  ['a getter that throws', () => unreadable(['value']), note(/thrown by a getter/)],
  [
    'a toJSON that throws a revoked Proxy',
    () => ({ toJSON: () => rethrow(revoked()) }),
    note(/threw when serialised/),
  ],
  ['a toJSON that answers NUL', () => ({ toJSON: () => '\0' }), '\uFFFD'],
  ['a revoked Proxy', () => ({ inside: revoked() }), note(/revoked/)],
  ['a number with a huge exponent', () => rawJson('1e999999'), undefined],
  ['a number of 200,000 digits', () => rawJson('9'.repeat(200_000)), undefined],
  [
    'a key named __proto__',
    () => JSON.parse('{"__proto__":{"a":"\\u0000"}}'),
    JSON.parse('{"__proto__":{"a":"\uFFFD"}}'),
  ],
];

function rethrow(value: unknown): never {
  throw value;
}

/** JSON.rawJSON is there from Node.js 21 on; before, nothing can write such a number. */
function rawJson(text: string): unknown {
  const raw: unknown = Reflect.get(JSON, 'rawJSON');
  return typeof raw === 'function' ? raw(text) : null;
}
