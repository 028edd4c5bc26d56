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

/** The transaction of a transactional job's attempt. It may be given as `tx` to every call that takes one. */
export interface JobTransaction extends PgTransaction {
  /**
   * Runs one statement in the transaction; statements run one after the other. The parameters are those of `pg`: `$1`, `$2`.
   * @throws what Postgres throws, and JobTransactionError once the transaction is over
   * @example
   * const { rows } = await ctx.tx.query<{ total: number }>('select total from orders where id = $1', [orderId]);
   */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

export interface QueryResult<Row> {
  readonly rows: Row[];
  /** How many rows the statement touched or answered; null for one that counts none. */
  readonly rowCount: number | null;
}
