import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import type { OpenTransaction, Transactions } from './transactions.js';

/** Transactions of the application's own Kysely, on its connections. It lets nobody break one: they end politely. */
export class KyselyTransactions implements Transactions {
  readonly #kysely: Kysely<never>;

  constructor(kysely: Kysely<never>) {
    this.#kysely = kysely;
  }

  /** Kysely keeps a transaction open for as long as a callback runs: this one runs until it is told how to end. */
  begin(settings: readonly string[]): Promise<OpenTransaction> {
    return new Promise((resolve, reject) => {
      const whole = this.#kysely.transaction().execute(async (transaction) => {
        const tx = transaction.withoutPlugins();
        for (const setting of settings) await tx.executeQuery(CompiledQuery.raw(setting));
        await new Promise<void>((commit, rollBack) => {
          const rolledBack = () => rollBack(ROLLED_BACK);
          resolve(opened(tx, { commit, rolledBack, whole: () => whole }));
        });
      });
      // Also hears of one that was destroyed, which nobody waits for.
      whole.catch(reject);
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Thrown in Kysely's callback: then it rolls back and throws it on. */
const ROLLED_BACK = new Error('rolled back');

interface Ends {
  readonly commit: () => void;
  readonly rolledBack: () => void;
  /** Settles when the transaction has ended. */
  readonly whole: () => Promise<void>;
}

function opened(tx: Transaction<never>, { commit, rolledBack, whole }: Ends): OpenTransaction {
  return {
    backend: undefined,
    query: async (text, values) => {
      const { rows, numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(text, [...values]));
      return { rows, rowCount: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) };
    },
    commit: () => {
      commit();
      return whole();
    },
    rollback: async () => {
      rolledBack();
      await whole().catch(unlessRolledBack);
    },
    destroy: rolledBack,
  };
}

function unlessRolledBack(error: unknown): void {
  if (error !== ROLLED_BACK) throw error;
}
