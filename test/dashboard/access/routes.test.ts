import express from 'express';
import request, { type Test } from 'supertest';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Right, rights } from '../../../src/dashboard/access/rights.js';
import type { Authorization } from '../../../src/dashboard/options.js';
import { createFirelock } from '../../../src/firelock.js';
import { auditLines } from '../../audit-lines.js';
import { fileConnection, fileDatabase } from '../../database.js';
import { eventually } from '../../eventually.js';
import { silent } from '../../firelock.js';
import { dump, type Furniture, furnish, SECRET } from '../furniture.js';
import { type Asked, requestsOf } from '../requests.js';
import { type Route, routesOf } from '../routes.js';

const url = await fileDatabase();
const client = await fileConnection(url);

const everyRoute = routesOf(createFirelock({ connectionString: url, logger: silent }).dashboard());
// Style sheet and scripts are for everybody.
const routes = everyRoute.filter(({ path }) => !path.startsWith('/public/'));
const acts = routes.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
const pages = routes.filter(({ method }) => method === 'GET');
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

let furniture: Furniture;
let visit: (route: Route, visitor: Visitor) => Test;

/** Who asks: what `authorize` answers of them, and what their browser says of where the request is from. */
interface Visitor {
  readonly authorization: Authorization;
  readonly headers?: Readonly<Record<string, string>>;
}

const own = { 'Sec-Fetch-Site': 'same-origin' };
const without = (missing: Right): Visitor => ({
  authorization: { name: `without ${missing}`, rights: rights.filter((right) => right !== missing) },
  headers: own,
});

beforeEach(async () => {
  const firelock = createFirelock({ connectionString: url, logger: silent });
  onTestFinished(() => firelock.close());
  furniture = await furnish(firelock, client);
  let current: Authorization = false;
  const app = express().use('/jobs', firelock.dashboard({ authorize: () => current }));
  visit = (route, { authorization, headers = {} }) => {
    current = authorization;
    return requestTo(app, route, askedOf(route)).set(headers);
  };
});

function askedOf(route: Route): Asked {
  const asked = requestsOf(furniture)[nameOf(route)];
  if (asked === undefined) throw new Error(`${nameOf(route)} is new: say in requests.ts how it is asked for`);
  return asked;
}

function requestTo(app: express.Express, { method, path }: Route, asked: Asked): Test {
  const { id = '', fields = {}, json } = asked;
  const address = `/jobs${path.replace(':id', id)}`;
  const isPage = method === 'GET' || method === 'HEAD';
  if (isPage) return request(app).get(address).query(fields);
  // Of the methods of HTTP, which are Express' and supertest's.
  const verb = method.toLowerCase() as 'post' | 'put' | 'patch' | 'delete';
  const post = request(app)[verb](address);
  return json === undefined ? post.type('form').send(fields) : post.type('json').send(json);
}

test('every route of the dashboard is known to these tests, and each of the tests is of a route', () => {
  expect(Object.keys(requestsOf(furniture)).toSorted()).toEqual(routes.map(nameOf).toSorted());
});

test('each act names a right beside view', () => {
  expect(acts.filter((route) => askedOf(route).right === undefined).map(nameOf)).toEqual([]);
});

const strangers: Readonly<Record<string, Visitor>> = {
  'somebody whom authorize refuses': { authorization: false, headers: own },
  'a read-only visitor': { authorization: 'read-only', headers: own },
  'somebody who may do all, but not look': without('view'),
  'another site': { authorization: true, headers: { 'Sec-Fetch-Site': 'cross-site' } },
  'another site, as older browsers say it': {
    authorization: true,
    headers: { Origin: 'https://evil.example' },
  },
  'a program that says nothing of where it is from': { authorization: true },
};

test.each(Object.entries(strangers))('I12 no act of %s changes anything', async (_who, visitor) => {
  const before = await dump(client);
  for (const route of acts) {
    const { status } = await visit(route, visitor);
    expect({ route: nameOf(route), status }).toEqual({ route: nameOf(route), status: 403 });
  }
  expect(await dump(client)).toEqual(before);
});

test('I12 no act without exactly its right changes anything', async () => {
  const before = await dump(client);
  for (const route of acts) {
    const { right = 'view' } = askedOf(route);
    const { status, text } = await visit(route, without(right));
    expect({ route: nameOf(route), status }).toEqual({ route: nameOf(route), status: 403 });
    expect(text.replaceAll('&#39;', "'")).toContain(`the right '${right}'`);
  }
  expect(await dump(client)).toEqual(before);
});

test.each(acts.map((route) => [nameOf(route), route] as const))(
  'I12 %s works with exactly its right, and the audit log names who did it',
  async (_name, route) => {
    const { right = 'view' } = askedOf(route);
    const before = await dump(client);
    const ann = { name: 'ann', rights: ['view', right] } as const;
    const { status } = await visit(route, { authorization: ann, headers: own });
    // Pages lead elsewhere, the API answers what it did, or that it goes on.
    expect(route.path.startsWith('/api/') ? [200, 202] : [303]).toContain(status);
    expect(await dump(client)).not.toEqual(before);
    await eventually('ann is in the audit log', async () =>
      (await auditLines(client)).some(([by]) => by === 'ann'),
    );
  },
);

test('nobody whom authorize refuses sees a page, or anything of what is there', async () => {
  for (const route of pages) {
    const { status, text } = await visit(route, { authorization: false });
    expect({ route: nameOf(route), status }).toEqual({ route: nameOf(route), status: 403 });
    expect(text).not.toContain('<nav');
    expect(text).not.toContain(SECRET);
  }
});

test('each page that needs more than a look is refused to those who have not its right', async () => {
  const before = await dump(client);
  for (const route of pages) {
    const { right } = askedOf(route);
    const missing = right === undefined ? undefined : await visit(route, without(right));
    expect({ route: nameOf(route), status: missing?.status }).toEqual({
      route: nameOf(route),
      status: right && 403,
    });
    const allowed: Authorization = { rights: right === undefined ? ['view'] : ['view', right] };
    expect({ route: nameOf(route), status: (await visit(route, { authorization: allowed })).status }).toEqual(
      {
        route: nameOf(route),
        status: 200,
      },
    );
  }
  expect(await dump(client)).toEqual(before);
});
