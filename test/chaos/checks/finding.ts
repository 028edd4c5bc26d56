import type { Queryable } from '../tables.js';

/** What a check has found. */
export interface Finding {
  readonly claim: string;
  /** What speaks against it; nothing if it holds. */
  readonly broken: readonly string[];
}

/** What a statement with one column, `line`, answers. */
export async function linesOf(db: Queryable, statement: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await db.query(statement, values);
  // Every statement that comes here says so.
  return (rows as { line: string }[]).map(({ line }) => line);
}
