import { expect, test } from 'vitest';
import { apiRouter } from '../../../src/dashboard/api/api-router.js';
import type { DashboardParts } from '../../../src/dashboard/frame/parts.js';
import { fileDatabase } from '../../database.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: object;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
  readonly responses: Readonly<Record<string, object>>;
}

interface BodySchema {
  readonly type: string;
  readonly properties: object;
  readonly additionalProperties: boolean;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

async function readDocument(): Promise<Document> {
  const { body } = await openSite(url).get('/api/openapi.json').expect(200);
  // supertest gives any; the tests are about its shape.
  return body as Document;
}

function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}

test('the document lists exactly the routes that there are', async () => {
  // Nothing of the parts is used before a request comes.
  const { stack } = apiRouter({} as DashboardParts);
  const routes = stack.flatMap(({ route }) =>
    (route?.stack ?? []).map(({ method }) => `${method} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  const listed = operationsOf(await readDocument()).map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routes)].toSorted()).toEqual([...listed, 'get /openapi.json'].toSorted());
  expect(listed.length).toBeGreaterThan(35);
});

test('it is an OpenAPI 3.1 document of the place where the dashboard is mounted', async () => {
  const { openapi, info, servers } = await readDocument();
  expect([openapi, info.title, servers]).toEqual(['3.1.0', 'Firelock', [{ url: '/jobs/api' }]]);
  expect(info.description).toContain('Sec-Fetch-Site: same-origin');
});

test('every operation has an id of its own, a summary, its right, its answer and its errors', async () => {
  const all = operationsOf(await readDocument());
  expect(new Set(all.map(({ operation }) => operation.operationId)).size).toBe(all.length);
  for (const { method, operation } of all) {
    expect(operation.summary).toMatch(/^[A-Z]/);
    expect(operation.description).toMatch(/Needs the right `[a-z-]+`\.$/);
    const [status] = Object.keys(operation.responses);
    expect(['200', ...(method === 'post' ? ['202'] : [])]).toContain(status);
    expect(operation.responses['default']).toEqual({
      description: 'Refused, or impossible.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    });
  }
});

test('every field in a path is a required parameter, and the rest is in the query of a GET or the body of a POST', async () => {
  for (const { method, path, operation } of operationsOf(await readDocument())) {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every(({ required }) => required)).toBe(true);
    expect(operation.parameters.every(({ schema }) => Object.keys(schema).length > 0)).toBe(true);
    const body = operation.requestBody?.content['application/json']?.schema;
    expect(body === undefined).toBe(method === 'get');
    if (body === undefined) continue;
    expect(operation.parameters).toEqual(inPath);
    expect(body).toMatchObject({ type: 'object', additionalProperties: false });
    expect(Object.keys(body.properties)).not.toContain(inPath[0]?.name);
  }
});

test('every reference in it leads to a schema, and every schema is referred to', async () => {
  const document = await readDocument();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to = '']) => to);
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...new Set(references)].toSorted()).toEqual(known.toSorted());
  expect(JSON.stringify(document)).not.toMatch(/\$defs|\$id|\$schema/);
});

test('what fields mean is told, also inside of named schemas', async () => {
  const { components, paths } = await readDocument();
  expect(components.schemas['Queue']).toMatchObject({
    properties: {
      enqueued: { type: 'integer', description: 'Counted up to 10,000.' },
      pause: { type: 'object' },
    },
    required: ['name', 'enqueued', 'running', 'slots', 'servers'],
  });
  expect(components.schemas['Instant']).toMatchObject({ type: 'string', format: 'date-time' });
  expect(paths['/audit']?.['get']?.parameters.find(({ name }) => name === 'size')).toEqual({
    name: 'size',
    in: 'query',
    required: false,
    description: 'How many at most.',
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  });
});
