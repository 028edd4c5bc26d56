import type { Request } from 'express';
import type { z } from 'zod';
import { checkOptions } from '../../job/option-schema.js';
import type { Right } from '../access/rights.js';
import type { Viewer } from '../access/shown-value.js';
import { type Visit, visitOf } from '../access/visit.js';
import type { DashboardParts } from '../frame/parts.js';

/** What is said of an operation once: its route and its part of the document are made from it. */
interface Description {
  /** Unique; what a generated client calls it. */
  readonly id: string;
  readonly method: 'get' | 'post';
  /** Below /api. `:id` in it is a field of the input. */
  readonly path: string;
  readonly right: Right;
  readonly summary: string;
  readonly description?: string;
  /** 202 for what goes on after the answer. Default 200. */
  readonly status?: 202;
}

/** An operation with its types. */
export interface Declaration<Input extends z.ZodObject, Answer extends z.ZodType> extends Description {
  /** The fields that the path does not name are in the query of a GET, and in the body of a POST. */
  readonly input: Input;
  readonly answer: Answer;
  readonly handle: (input: z.output<Input>, caller: Caller) => Promise<Told<z.output<Answer>>>;
}

/** Who calls, and what the operation works with. */
interface Caller extends DashboardParts {
  readonly visit: Visit;
  readonly viewer: Viewer;
}

/** An operation as the router and the document see it. */
export interface Operation extends Description {
  readonly input: z.ZodObject;
  readonly answer: z.ZodType;
  /** Reads the input, handles it, and answers what may be sent. @throws InvalidOptionsError, and what its handler throws */
  readonly run: (req: Request, parts: DashboardParts) => Promise<unknown>;
}

/** The same value, which the handler need not own. */
type Told<Value> = Value extends Date
  ? Date
  : Value extends readonly (infer Item)[]
    ? readonly Told<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Told<Value[Key]> }
      : Value;

export function operation<Input extends z.ZodObject, Answer extends z.ZodType>(
  declared: Declaration<Input, Answer>,
): Operation {
  const { handle, ...described } = declared;
  const subject = `${declared.method.toUpperCase()} /api${declared.path}`;
  return {
    ...described,
    run: async (req, parts) => {
      const visit = visitOf(req);
      const input = checkOptions(subject, declared.input, { ...fieldsOf(req, visit), ...req.params });
      const { rights } = visit;
      const answer = await handle(input, { ...parts, visit, viewer: { rights, redaction: parts.redaction } });
      return encoded(declared.answer, answer);
    },
  };
}

function fieldsOf({ method, body }: Request, { query }: Visit): object {
  if (method !== 'POST') return Object.fromEntries(query);
  // The parser leaves no other body to a POST than an object or an array, whose places are unknown fields.
  return { ...(body as object | undefined) };
}

/** Only what is declared leaves the house: what a handler answers beyond it is left out. */
function encoded(schema: z.ZodType, answer: unknown): unknown {
  const { success, data, error } = schema.safeEncode(answer);
  // A slip of ours: the host app hears of it.
  if (!success)
    throw new TypeError('An answer of the API is not what it is declared to be.', { cause: error });
  return data;
}
