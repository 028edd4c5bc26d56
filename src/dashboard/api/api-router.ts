import { type RequestHandler, Router } from 'express';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import type { DashboardParts } from '../frame/parts.js';
import { noSuchOperation } from './api-errors.js';
import { readJsonBody } from './json-body.js';
import { openApi } from './open-api.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';

/** The JSON API, with the rights and rules of the pages: to be mounted behind what guards them. */
export function apiRouter(parts: DashboardParts): Router {
  const router = Router();
  addDocument(router);
  for (const operation of operations) {
    const { method, path, right } = operation;
    router[method](path, requires(right), readJsonBody, answerOf(operation, parts));
  }
  return router.use(noSuchOperation);
}

function addDocument(router: Router): void {
  // Made when first asked for: that takes some 25 ms.
  let document: object | undefined;
  router.get('/openapi.json', (req, res) => {
    document ??= openApi(operations);
    res.json({ ...document, servers: [{ url: visitOf(req).url('/api') }] });
  });
}

function answerOf({ run, status }: Operation, parts: DashboardParts): RequestHandler {
  return async (req, res) => {
    res.status(status ?? 200).json(await run(req, parts));
  };
}
