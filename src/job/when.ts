import { z } from 'zod';
import { type Duration, milliseconds } from '../duration.js';
import { checkOptions, instantSchema } from './option-schema.js';

/** When a job is to run: at an instant, or after a delay by the database's clock. */
export type Plan =
  | { readonly runAt: Date; readonly delayMs: undefined }
  | { readonly runAt: undefined; readonly delayMs: number };

const whenSchema = z.strictObject({ when: instantSchema });

/** @throws InvalidOptionsError for a Date that is not an instant Postgres holds, InvalidDurationError for the rest */
export function planFor(call: string, when: Duration | Date): Plan {
  if (when instanceof Date)
    return { runAt: checkOptions(call, whenSchema, { when }).when, delayMs: undefined };
  return { runAt: undefined, delayMs: milliseconds(when) };
}
