import type { ErrorRequestHandler, RequestHandler } from 'express';
import { english as t } from '../english.js';
import { errorAnswers, type ErrorSurroundings } from './error-answers.js';
import { notFound } from './page-error.js';
import { showErrorPage } from './pages.js';

export const noSuchPage: RequestHandler = () => {
  throw notFound(t.errors.noPage.title, t.errors.noPage.advice);
};

/** Answers an error with a page. */
export function errorPages(surroundings: ErrorSurroundings): ErrorRequestHandler {
  return errorAnswers(surroundings, showErrorPage);
}
