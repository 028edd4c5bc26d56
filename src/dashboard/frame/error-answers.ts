import type { ErrorRequestHandler, Request, Response } from 'express';
import { FirelockError, InvalidJobIdError, MigrationRequiredError, NewerSchemaError } from '../../errors.js';
import type { Logger } from '../../job/context.js';
import { errorRecord } from '../../job/error-record.js';
import { english as t } from '../english.js';
import { notFound, PageError } from './page-error.js';

/** What is known where errors are answered. */
export interface ErrorSurroundings {
  readonly logger: Logger;
  readonly schema: string;
}

/** How an error is told: as a page, or as JSON. */
export type TellError = (req: Request, res: Response, error: PageError) => void;

/**
 * Answers an error. A slip in our own code goes on to the host app, whose error handling its owner watches; what only the
 * database can have caused is logged, and the answer tells nothing of it.
 */
export function errorAnswers({ logger, schema }: ErrorSurroundings, tell: TellError): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters
  return (error: unknown, req, res, next) => {
    const told = isMissingTable(error) ? pageErrorOf(new MigrationRequiredError(schema)) : pageErrorOf(error);
    if (told === undefined || res.headersSent) return next(error);
    if (told.status >= 500)
      logger.error({ error: errorRecord(error) }, 'the dashboard could not read the database');
    tell(req, res, told);
  };
}

/** The only place where errors become HTTP. Undefined: not ours to answer. */
function pageErrorOf(error: unknown): PageError | undefined {
  if (error instanceof PageError) return error;
  if (error instanceof InvalidJobIdError) {
    return notFound(t.errors.noPage.title, t.errors.noPage.noId);
  }
  if (error instanceof MigrationRequiredError || error instanceof NewerSchemaError) {
    return new PageError(t.errors.wrongRelease, { status: 503, advice: error.message, code: error.code });
  }
  if (error instanceof FirelockError) {
    return new PageError(t.errors.impossible, { status: 400, advice: error.message, code: error.code });
  }
  const status = clientErrorStatus(error);
  if (status !== undefined) {
    return new PageError(t.errors.unreadable.title, { status, advice: t.errors.unreadable.advice });
  }
  return isSlip(error) ? undefined : unavailable();
}

function unavailable(): PageError {
  const { title, advice } = t.errors.unavailable;
  return new PageError(title, { status: 503, advice });
}

/** What the engine itself throws: a mistake in our code or in a view. */
function isSlip(error: unknown): boolean {
  return [TypeError, ReferenceError, SyntaxError, RangeError].some((kind) => error instanceof kind);
}

/** The status of an error of Express and its parsers, if it blames the request: a bad encoding, a body too large. */
function clientErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}

/** Postgres' undefined_table, invalid_schema_name and undefined_column: nobody has migrated. */
function isMissingTable(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['42P01', '3F000', '42703'].includes(String(error.code))
  );
}
