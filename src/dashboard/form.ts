import { z } from 'zod';
import { checkOptions } from '../job/option-schema.js';
import { storable } from '../job/serialisation.js';
import { type State, isState } from '../job/state.js';

// A browser sends a field once for each ticked box: one value, or a list. What Postgres cannot keep is no id.
const listSchema = z
  .union([z.array(z.string()), z.string().transform((value) => [value])])
  .default([])
  .transform((values) => [...new Set(values.map(storable))]);

const formSchema = z
  .object({
    ids: listSchema,
    /** The button of one row: it alone is meant, whatever is ticked. */
    only: z.string().transform(storable).optional(),
    /** The page of the list to return to. */
    place: z.string().optional(),
    /** The state in which the visitor saw the job. */
    from: z
      .custom<State>((value) => typeof value === 'string' && isState(value), 'expected a state')
      .optional(),
    reason: z.string().optional().transform(said),
    /** For how long, as a duration. */
    until: z.string().optional().transform(said),
  })
  .prefault({})
  .transform(({ only, ...form }) => (only === undefined ? form : { ...form, ids: [only] }));

export type Form = z.output<typeof formSchema>;

/** The fields of a posted form, or of an address. @throws InvalidOptionsError for what our pages never send */
export function readForm(fields: unknown): Form {
  return checkOptions('form', formSchema, fields);
}

/** The same fields from an address. */
export function formOf(query: URLSearchParams): Form {
  return readForm({ ids: query.getAll('ids'), place: query.get('place') ?? undefined });
}

/** Text from outside: what Postgres cannot keep is replaced, and an empty box says nothing. */
function said(text: string | undefined): string | undefined {
  const trimmed = storable(text ?? '').trim();
  return trimmed === '' ? undefined : trimmed;
}
