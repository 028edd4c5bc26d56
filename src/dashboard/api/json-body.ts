import express, { type RequestHandler } from 'express';
import { BODY_LIMIT } from '../frame/form.js';
import { PageError } from '../frame/page-error.js';

const parse = express.json({ limit: BODY_LIMIT });

/**
 * Reads the body of a POST, which must say that it is JSON, even if it is empty: a form cannot, and no page of another site
 * can without asking first.
 */
export const readJsonBody: RequestHandler = (req, res, next) => {
  if (req.method !== 'POST') return next();
  if (!/^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')) {
    const advice = "Nothing was changed. Send it with the header 'Content-Type: application/json'.";
    throw new PageError('The body is not said to be JSON', { status: 415, advice });
  }
  parse(req, res, (error?: unknown) => next(error === undefined ? undefined : unreadable(error)));
};

/** What the parser blames the request for, in its own words: a slip in the JSON, a body too large, an unknown encoding. */
function unreadable(error: unknown): unknown {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return error;
  const { status } = error;
  return new PageError('The body cannot be read', {
    status,
    advice: `Nothing was changed: ${error.message}.`,
  });
}
