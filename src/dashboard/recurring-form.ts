import { z } from 'zod';
import { checkOptions } from '../job/option-schema.js';
import { storable } from '../job/serialisation.js';

// A box that was left empty says nothing; what Postgres cannot keep is replaced.
const text = z
  .string()
  .optional()
  .transform((value) => {
    const said = storable(value ?? '').trim();
    return said === '' ? undefined : said;
  });

const schema = z.object({
  id: z.string().transform(storable),
  schedule: text,
  timeZone: text,
  queue: text,
  args: text,
  reason: text,
});

/** What is typed about one recurring job. */
export type RecurringForm = z.output<typeof schema>;

/** @throws InvalidOptionsError for what our pages never send */
export function readRecurringForm(fields: unknown): RecurringForm {
  return checkOptions('form', schema, fields);
}

/** @throws SyntaxError for what is not JSON */
export function argsOf({ args }: RecurringForm): unknown {
  return args === undefined ? undefined : JSON.parse(args);
}
