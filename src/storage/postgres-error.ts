/** What Postgres says by its error codes; see "PostgreSQL Error Codes" in its documentation. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The transaction was rolled back because of others and may simply be repeated: serialization failure, deadlock. */
export function isRepeatable(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

/**
 * The connection works, but this statement with these values does not: data or constraints (22, 23), program limits (54),
 * a lock that was not to be had (55P03), a statement timeout (57014).
 */
export function isRefused(error: unknown): boolean {
  return /^(?:22|23|54)...$|^55P03$|^57014$/.test(codeOf(error));
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
