import type { ArgsCondition, ArgsValue, Condition, Search } from './search.js';

/** Whether the search asks for anything in the args. */
export function asksForArgs({ conditions }: Search): boolean {
  return conditions.some(({ on }) => on === 'args');
}

/** The search of somebody who may not see args. */
export function withoutArgs({ conditions }: Search): Search {
  return { conditions: conditions.filter(({ on }) => on !== 'args') };
}

/**
 * Whether what is visible of a job's args fits the search: the answer that Postgres gives of args, for args of which
 * something is hidden.
 */
export function argsMatch({ conditions }: Search, args: unknown): boolean {
  return conditions.every((condition) => !isOnArgs(condition) || fits(condition, args));
}

/** The JSON that a value stands for: the text, and what it reads as. */
export function jsonOf({ text, isLiteral }: ArgsValue): readonly string[] {
  return isLiteral ? [JSON.stringify(text), text.toLowerCase()] : [JSON.stringify(text)];
}

function isOnArgs(condition: Condition): condition is ArgsCondition {
  return condition.on === 'args';
}

function fits({ path, isNegated, values }: ArgsCondition, args: unknown): boolean {
  const found = path.reduce<unknown>(valueAt, args);
  const isAny = values.flatMap(jsonOf).some((json) => JSON.parse(json) === found);
  return isAny !== isNegated;
}

/** As Postgres' `#>` finds it: a key of an object, or a place in an array, from its end if it is negative. */
function valueAt(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^-?\d+$/.test(key) ? value.at(Number(key)) : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
