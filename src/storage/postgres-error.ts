import { property } from '../job/thrown.js';

/** What Postgres says by its error codes; see "PostgreSQL Error Codes" in its documentation. */
function codeOf(error: unknown): string {
  const code = property(Object(error), 'code');
  return typeof code === 'string' ? code : '';
}

/** The transaction was rolled back because of others and may simply be repeated: serialization failure, deadlock. */
export function isRepeatable(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

/** About the values of a statement: data (22), a constraint of the application (23), a limit of Postgres (54). */
export function isDataError(error: unknown): boolean {
  return /^(?:22|23|54)...$/.test(codeOf(error));
}

/**
 * The connection works, but this statement with these values does not; or a lock was not to be had (55P03), or the
 * time that the administrator allows was over (57014).
 */
export function isRefused(error: unknown): boolean {
  return isDataError(error) || ['55P03', '57014'].includes(codeOf(error));
}

/** Postgres works, and has said no to this statement: nothing that says more about the connection or the database. */
export function isAnswer(error: unknown): boolean {
  return isRefused(error) || isRepeatable(error) || isPreparedElsewhere(error);
}

/** A pooler has put another connection behind ours: prepared statements are unknown there, or known already. */
export function isPreparedElsewhere(error: unknown): boolean {
  return ['26000', '42P05'].includes(codeOf(error));
}

/** pg's own, without a code. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}
