import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { visitOf } from '../access/visit.js';
import { type ErrorSurroundings, errorAnswers, type TellError } from '../frame/error-answers.js';
import { notFound } from '../frame/page-error.js';
import { about, named } from './schema.js';

/** The codes of what is no error of Firelock itself. */
export const errorCodes: Readonly<Record<number, string>> = {
  400: 'bad-request',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  415: 'not-json',
  429: 'too-many-acts',
  503: 'unavailable',
};

export const errorAnswer = named(
  'Error',
  z.object({
    error: z.object({
      code: about(`A code of docs/errors.md, or one of ${Object.values(errorCodes).join(', ')}.`, z.string()),
      message: about('What is wrong, for people.', z.string()),
      advice: about('What to do, or what exactly is wrong.', z.string().optional()),
    }),
  }),
);

export const noSuchOperation: RequestHandler = (req) => {
  const document = visitOf(req).url('/api/openapi.json');
  throw notFound('There is no such operation', `Those that there are, are listed in ${document}.`);
};

/** Answers with JSON what goes wrong under /api, also before the API itself is reached. */
export function apiErrors(surroundings: ErrorSurroundings): ErrorRequestHandler {
  return errorAnswers(surroundings, tellError);
}

const tellError: TellError = (_req, res, { status, message, advice, code = errorCodes[status] }) => {
  res.status(status).json({ error: { code: code ?? 'bad-request', message, advice } });
};
