/**
 * An open transaction of the application, given as `tx`: a job enqueued with it exists if and only if it commits.
 * Described by its shape, so that this layer needs no database library.
 */
export type Transaction = PgTransaction | KyselyTransaction;

/** A `pg` client (from `pool.connect()` or `new Client()`) on which `begin` was run. */
export interface PgTransaction {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The object that Kysely hands to `db.transaction().execute(async (tx) => …)`. */
export interface KyselyTransaction {
  readonly isTransaction: true;
  executeQuery(query: never): Promise<{ rows: unknown[] }>;
}
