import { z } from 'zod';
import { said } from './schema.js';

const COMPONENTS = '#/components/schemas/';

type Json = Readonly<Record<string, unknown>>;

/** The JSON Schema of what is sent over the wire, for a place in an OpenAPI document: named schemas are referred to. */
export function schemaOf(schema: z.ZodType): Json {
  const id = said.get(schema)?.id;
  if (id !== undefined) return { $ref: `${COMPONENTS}${id}` };
  const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, { io: 'input', metadata: said });
  // JSON all through, in which no text begins like this but a reference.
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', `"${COMPONENTS}`)) as Json;
}

/** The schemas that have a name, by it. */
export function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(said, { io: 'input', uri: (id) => `${COMPONENTS}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}
