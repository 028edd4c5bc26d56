import { CompiledQuery, type Transaction as KyselyTransaction } from 'kysely';
import { UnsupportedTransactionError } from '../errors.js';
import type { Transaction } from '../job/transaction.js';
import { type Executor, type Statement, textInSchema } from '../storage/statement.js';

/**
 * Runs Firelock's statements inside the application's open transaction. Statements are not prepared there: the connection
 * is the application's, and may be a pooler's.
 *
 * @throws UnsupportedTransactionError for a pool, a Kysely that is not a transaction, or anything else
 */
export function executorOf(tx: Transaction, schema: string): Executor {
  const query = queryOf(tx);
  return {
    run: async <Row>(statement: Statement, values: readonly unknown[] = []) =>
      // The statement and its Row type stand side by side in one file of storage/.
      (await query(textInSchema(statement.text, schema), [...values])) as Row[],
  };
}

type Query = (text: string, values: unknown[]) => Promise<unknown[]>;

function queryOf(tx: Transaction): Query {
  if (typeof tx !== 'object' || tx === null) throw unsupported(`expected a transaction, got ${String(tx)}`);
  if ('isTransaction' in tx) {
    // Typed true, but a plain Kysely has the same property.
    if (!tx.isTransaction)
      throw unsupported("it is a Kysely outside a transaction; use the 'tx' it hands you");
    // Its shape says so; the type in job/ describes only what it needs to.
    const kysely = (tx as unknown as KyselyTransaction<unknown>).withoutPlugins();
    return async (text, values) => (await kysely.executeQuery(CompiledQuery.raw(text, values))).rows;
  }
  if ('totalCount' in tx)
    throw unsupported('it is a pg Pool; take a client with pool.connect() and begin on it');
  if (typeof tx.query !== 'function') throw unsupported('it is neither a pg client nor a Kysely transaction');
  return async (text, values) => (await tx.query(text, values)).rows;
}

function unsupported(reason: string): UnsupportedTransactionError {
  return new UnsupportedTransactionError(`The value given as 'tx' cannot be used: ${reason}.`);
}
