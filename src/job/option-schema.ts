import { closestMatch } from 'leven';
import { z } from 'zod';
import { InvalidDurationError, InvalidOptionsError, type Problem } from '../errors.js';
import { type Duration, milliseconds } from '../duration.js';
import { priorities } from './priority.js';

/** Schemas of the values that many options share, and the one way in which options are checked. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_.:/-]{0,127}$/i,
    'expected 1 to 128 letters, digits and _ . : / -, starting with a letter or digit',
  );

export const durationSchema = z.custom<Duration>().transform((value, context) => {
  try {
    return milliseconds(value);
  } catch (error) {
    if (!(error instanceof InvalidDurationError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

/** Of one attempt. Whole milliseconds, within what a timer can count. */
export const timeoutSchema = durationSchema
  .transform(Math.ceil)
  .refine((ms) => ms > 0 && ms < 2 ** 31, 'expected more than 0 and less than 24 days');

export const prioritySchema = z.enum(priorities);

export const attemptsSchema = z.int().min(1).max(1_000_000);

/** Instants that Postgres and JavaScript both hold, and that are not a slip of seconds for milliseconds. */
export const instantSchema = z
  .date('expected a valid Date')
  .min(new Date('1970-01-02T00:00:00Z'), 'expected a Date after 1970-01-01')
  .max(new Date('9999-12-31T00:00:00Z'), 'expected a Date before the year 10000');

/**
 * Checks options against their strict schema.
 * @throws InvalidOptionsError with all problems at once, and the nearest known key for an unknown one
 */
export function checkOptions<Schema extends z.ZodType>(
  subject: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(
    subject,
    parsed.error.issues.flatMap((issue) => problemsOf(issue, schema)),
  );
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): Problem[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
  const known = knownKeys(schema, path);
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: unknownKey(key, known) }));
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = closestMatch(key, known, { maxDistance: 4 });
  const hint = nearest === undefined ? '.' : `; did you mean '${nearest}'?`;
  return `unknown option${hint} Known: ${known.join(', ')}`;
}

function knownKeys(schema: z.ZodType, path: readonly string[]): readonly string[] {
  let current: unknown = schema;
  for (const key of [...path, undefined]) {
    current = unwrapped(current);
    if (!(current instanceof z.ZodObject)) return [];
    if (key === undefined) return Object.keys(current.shape);
    current = current.shape[key];
  }
  return [];
}

/** The schema inside `.optional()`, `.default(…)` and `.prefault(…)`. */
function unwrapped(schema: unknown): unknown {
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wraps ? unwrapped(schema.unwrap()) : schema;
}
