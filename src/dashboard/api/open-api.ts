import { errorAnswer } from './api-errors.js';
import { namedSchemas, schemaOf } from './json-schema.js';
import type { Operation } from './operation.js';

const description = `The dashboard's data and acts, with the same rights, redaction, rate limit and audit log.

Who calls, and what they may, is decided by the app that the dashboard is mounted in, as for the pages. A POST is JSON and
must come from the dashboard's own origin: a script sends the headers \`Content-Type: application/json\` and
\`Sec-Fetch-Site: same-origin\` itself. Instants are ISO 8601 in UTC, ids are strings, what is named \`…Ms\` is milliseconds; what
is not known is left out.`;

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the operations, but for where they are reached. */
export function openApi(operations: readonly Operation[]): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: operationObject(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Firelock', version: '1', description },
    paths,
    components: { schemas: namedSchemas() },
  };
}

function operationObject(operation: Operation): Json {
  const { id, path, method, right, summary, status = 200, answer } = operation;
  const needs = `Needs the right \`${right}\`.`;
  const { fields, body } = inputOf(operation);
  return {
    operationId: id,
    tags: [path.split('/')[1] ?? ''],
    summary,
    description: operation.description === undefined ? needs : `${operation.description} ${needs}`,
    parameters: fields,
    ...(method === 'post' && { requestBody: { required: true, ...contentOf(body) } }),
    responses: {
      [status]: { description: 'Done.', ...contentOf(schemaOf(answer)) },
      default: { description: 'Refused, or impossible.', ...contentOf(schemaOf(errorAnswer)) },
    },
  };
}

/** The fields in the path and the query, and the schema of the rest. */
function inputOf({ method, path, input }: Operation): {
  readonly fields: readonly Json[];
  readonly body: Json;
} {
  const whole = schemaOf(input);
  // zod gives an object's schema these keys.
  const { properties, required = [] } = whole as {
    properties: Record<string, Json>;
    required?: readonly string[];
  };
  const inPath = (name: string) => path.split('/').includes(`:${name}`);
  const isField = (name: string) => inPath(name) || method === 'get';
  const entries = Object.entries(properties);
  const fields = entries
    .filter(([name]) => isField(name))
    .map(([name, { description, ...schema }]) => ({
      name,
      in: inPath(name) ? 'path' : 'query',
      required: inPath(name) || required.includes(name),
      description,
      schema,
    }));
  const body = {
    ...whole,
    properties: Object.fromEntries(entries.filter(([name]) => !isField(name))),
    required: required.filter((name) => !isField(name)),
  };
  return { fields, body };
}

function contentOf(schema: Json): Json {
  return { content: { 'application/json': { schema } } };
}
