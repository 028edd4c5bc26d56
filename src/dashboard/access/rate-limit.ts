import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { english as t } from '../english.js';
import { PageError } from '../frame/page-error.js';
import { ACTOR } from './authorization.js';
import { visitOf } from './visit.js';

const WINDOW_MS = 60_000;
/** More than a person clicks, and little enough for a script that runs wild to be noticed. */
const ACTS_PER_WINDOW = 240;

/** Limits how often one visitor acts; looking is not limited. */
export function limitActs(): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: ACTS_PER_WINDOW,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks of the host app's proxy settings: an address counts only where there is no name.
    validate: false,
    skip: (req) => req.method === 'GET' || req.method === 'HEAD',
    keyGenerator: (req) => {
      const { actor } = visitOf(req);
      return actor === ACTOR ? ipKeyGenerator(req.ip ?? '') : `name ${actor}`;
    },
    handler: () => {
      throw new PageError(t.refused.tooMany.title, {
        status: 429,
        advice: t.refused.tooMany.advice(ACTS_PER_WINDOW),
      });
    },
  });
}
