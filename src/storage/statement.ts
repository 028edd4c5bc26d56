/**
 * A statement whose shape is its correctness, written out as SQL. Its tables are named `firelock.…`, so that it can be
 * pasted into psql; an installation in another schema runs it with that name in place.
 */
export interface Statement {
  /** Names the prepared statement, and the line in an error or a log. */
  readonly name: string;
  readonly text: string;
}

/** Runs statements: the installation's own connections, or an open transaction of the application. */
export interface Executor {
  run<Row>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
}

/** The text with the installation's schema in place of the default one. */
export function textInSchema(text: string, schema: string): string {
  return schema === 'firelock' ? text : text.replaceAll(/\bfirelock\.(?=[a-z])/g, `"${schema}".`);
}
