import type { Test } from 'supertest';
import { expect } from 'vitest';
import { errorAnswer } from '../../../src/dashboard/api/api-errors.js';
import type { Operation } from '../../../src/dashboard/api/operation.js';
import { operations } from '../../../src/dashboard/api/operations.js';
import type { DashboardOptions } from '../../../src/dashboard/options.js';
import { openSite, type Site } from '../site.js';

/** What an answer says, as it was sent. */
export interface Said {
  readonly [field: string]: unknown;
}

/** Calls the API as a script does; each answer must be what its operation declares, or an error as declared. */
export interface Caller extends Pick<Site, 'firelock' | 'app'> {
  readonly get: (path: string, status?: number) => Promise<Said>;
  readonly post: (path: string, body?: object, status?: number) => Promise<Said>;
}

export function callApi(connectionString: string, options?: DashboardOptions): Caller {
  const site = openSite(connectionString, options);
  return {
    firelock: site.firelock,
    app: site.app,
    get: (path, status) => said(site.get(`/api${path}`), { method: 'get', path, status }),
    post: (path, body = {}, status) =>
      said(site.post(`/api${path}`).type('json').send(body), { method: 'post', path, status }),
  };
}

/** The operation that answers a path; undefined if none does. */
function operationAt(method: string, path: string): Operation | undefined {
  const steps = path.replace(/\?.*/, '').split('/');
  return operations.find((operation) => {
    const own = operation.path.split('/');
    const fits = own.every((step, place) => step.startsWith(':') || step === steps[place]);
    return operation.method === method && own.length === steps.length && fits;
  });
}

interface Asked {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly status: number | undefined;
}

async function said(test: Test, { method, path, status }: Asked): Promise<Said> {
  const operation = operationAt(method, path);
  const answer = await test.expect('Content-Type', 'application/json; charset=utf-8');
  // supertest gives any.
  const body = answer.body as Said;
  const expected = status ?? operation?.status ?? 200;
  expect({ path, status: answer.status, body }).toEqual({ path, status: expected, body });
  const declared = expected < 400 ? operation?.answer : errorAnswer;
  // Decoded and encoded again, nothing of it is missing: no field is sent that is not declared.
  expect(declared?.encode(declared.decode(body))).toEqual(body);
  return body;
}
