import { z } from 'zod';
import { checkOptions } from '../../job/option-schema.js';
import { storable } from '../../job/serialisation.js';
import { isState, type State } from '../../job/state.js';

/** Of a post: more than the largest args that are typed. */
export const BODY_LIMIT = '2mb';

// A browser sends a field once for each ticked box: one value, or a list. What Postgres cannot keep is no id.
const list = z
  .union([z.array(z.string()), z.string().transform((value) => [value])])
  .default([])
  .transform((values) => [...new Set(values.map(storable))]);

/** A box that was left empty says nothing; what Postgres cannot keep is replaced. */
const text = z
  .string()
  .optional()
  .transform((value) => {
    const said = storable(value ?? '').trim();
    return said === '' ? undefined : said;
  });

const schema = z
  .object({
    ids: list,
    /** The button of one row: it alone is meant, whatever is ticked. */
    only: z.string().transform(storable).optional(),
    id: text,
    queue: text,
    /** The state in which the visitor saw the job. */
    from: z
      .custom<State>((value) => typeof value === 'string' && isState(value), 'expected a state')
      .optional(),
    reason: text,
    /** For how long, or when. */
    until: text,
    when: text,
    priority: text,
    schedule: text,
    timeZone: text,
    args: text,
    /** What the list showed: its search, its order, its page. */
    q: text,
    order: text,
    size: text,
    place: text,
  })
  .prefault({})
  .transform(({ only, ...form }) => (only === undefined ? form : { ...form, ids: [only] }));

export type Form = z.output<typeof schema>;

/** The fields of a posted form. @throws InvalidOptionsError for what our pages never send */
export function readForm(fields: unknown): Form {
  return checkOptions('form', schema, fields);
}

/** The same fields from an address. */
export function formOf(query: URLSearchParams): Form {
  const fields = Object.fromEntries(
    [...query.entries()].filter(([name]) => name !== 'ids' && name !== 'from'),
  );
  return readForm({ ...fields, ids: query.getAll('ids') });
}

/** What was said about an act, for the history and the audit log. */
export function saidBy(
  actor: string,
  { reason }: { readonly reason?: string | undefined },
): { readonly by: string; readonly reason?: string } {
  return reason === undefined ? { by: actor } : { by: actor, reason };
}
