import { z } from 'zod';
import { said } from './schema.js';

const COMPONENTS = '#/components/schemas/';

type Json = Readonly<Record<string, unknown>>;

/** What is sent over the wire. */
const options = { io: 'input', metadata: said, override: withoutBounds } as const;

/** The JSON Schema of a place in an OpenAPI document: named schemas are referred to. */
export function schemaOf(schema: z.ZodType): Json {
  const id = said.get(schema)?.id;
  if (id !== undefined) return { $ref: `${COMPONENTS}${id}` };
  const whole = z.toJSONSchema(schema, options);
  // JSON all through, in which no text begins like this but a reference.
  return JSON.parse(JSON.stringify(bare(whole)).replaceAll('"#/$defs/', `"${COMPONENTS}`)) as Json;
}

/** The schemas that have a name, by it. */
export function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(said, { ...options, uri: (id) => `${COMPONENTS}${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** Without what has its place elsewhere in such a document. */
function bare(schema: object): Json {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => !['$schema', '$id', '$defs'].includes(key)),
  );
}

/** Of an integer, that JavaScript knows no larger ones goes without saying. */
function withoutBounds({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
