import { inspect } from 'node:util';

/**
 * Anything can be thrown, and looking at it may throw again: getters, `util.inspect.custom`, and of a revoked Proxy even
 * `instanceof`. These ways of looking never do.
 */
export function isInstance<Type>(
  value: unknown,
  type: abstract new (...args: never[]) => Type,
): value is Type {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** The property's value; undefined if reading it throws. */
export function property(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

/** The value in words, as deep as asked; in its own words (`util.inspect.custom`) if it has some that work. */
export function shown(value: unknown, depth: number): string {
  for (const customInspect of [true, false]) {
    try {
      return inspect(value, { depth, customInspect });
    } catch {
      // It throws while it is looked at: the next way asks less of it.
    }
  }
  return `a ${typeof value} that throws when it is looked at`;
}

/** Of a promise where none belongs, such as one that was thrown: that it rejects must not end the process. */
export function disarm(value: unknown): void {
  try {
    if (value instanceof Promise) value.then(undefined, () => undefined);
  } catch {
    // It is no promise then, whatever it claims to be.
  }
}
