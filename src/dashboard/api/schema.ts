import { z } from 'zod';
import { attributionFields } from '../../client/attribution.js';
import { type State, states } from '../../job/state.js';

/** What the document of the API says of schemas. Not zod's own registry, which the host app shares. */
export const said = z.registry<{ readonly id?: string; readonly description?: string }>();

/** The schema under a name of its own in the document. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  const own = schema.clone();
  said.add(own, { id });
  return own;
}

/** The schema with what it means. */
export function about<Schema extends z.ZodType>(description: string, schema: Schema): Schema {
  const own = schema.clone();
  said.add(own, { description });
  return own;
}

/** A `Date` here, and ISO 8601 in UTC outside. */
export const instant = named(
  'Instant',
  z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  }),
);

// As Object.keys gives them; there is at least one.
export const state = named('State', z.enum(states as [State, ...State[]]));

/** Of a job, a server or an act on all that match. What Postgres could not cast must not reach it. */
export const id = about(
  'A decimal string.',
  z.string().regex(/^\d{1,18}$/, "expected a decimal id, such as '42'"),
);

/** Any JSON. */
export const json = z.unknown().optional();

/** Said of what bears args or a result: whether they are left out. */
export const hidden = about(
  "Whether args, results and log lines are left out, because the visitor has not the right 'view-args'.",
  z.boolean(),
);

/** Why a person acts. */
export const reason = about('For the history and the audit log.', attributionFields.reason);

/** An instant or a duration, as it is typed on the pages. */
export const when = about(
  "An instant such as 2026-11-20T06:00:00Z, or a duration from now such as '90s' or '1h30m'.",
  z.string(),
);

/** Whether an act did anything. */
export const applied = about(
  'Whether it applied: false where there is nothing like it, or it is in another state by now.',
  z.boolean(),
);

/** How much a page of a list holds. */
export function sizeUpTo(most: number) {
  return about('How many at most.', z.coerce.number().int().min(1).max(most).default(50));
}

export const nothing = z.strictObject({});
