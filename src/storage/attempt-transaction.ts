import { CommitUnknownError, JobTransactionError } from '../errors.js';
import { property } from '../job/thrown.js';
import type { JobTransaction, QueryResult } from '../job/transaction.js';
import { isRefusal, type OpenTransaction } from './transactions.js';

/** What an attempt does with its transaction beyond what the handler may do. */
export interface AttemptTransactionOptions {
  readonly open: OpenTransaction;
  /** The guarded statement that writes the success. */
  readonly settle: { readonly text: string; readonly values: readonly unknown[] };
  /** Cancels what a backend is running. */
  readonly cancel: (backend: number) => Promise<unknown>;
}

/** Postgres answers settling, committing and rolling back within this time, or the connection is broken off. */
const ANSWER_LIMIT_MS = 30_000;
const IN_FAILED_TRANSACTION = '25P02';

/** The transaction of one attempt: the handler's queries, then its success, then the commit. Or none of it. */
export class AttemptTransaction {
  /** What the handler is given. */
  readonly tx: JobTransaction = {
    // The rows are what the caller says they are, as with pg.
    query: <Row>(text: string, values: readonly unknown[] = []) =>
      this.#query(text, values) as Promise<QueryResult<Row>>,
  };
  readonly #options: AttemptTransactionOptions;
  /** The latest query, or what has become of it. */
  #latest: Promise<unknown> = Promise.resolve();
  #isBusy = false;
  #isCommitting = false;
  #failure: unknown;
  /** Why it takes no more queries. */
  #over: Error | undefined;
  #aborted: Error | undefined;

  constructor(options: AttemptTransactionOptions) {
    this.#options = options;
  }

  /** Why Postgres has given the transaction up; undefined while it can be committed. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Takes no more queries and cancels the one that runs, so that a handler which waits for it can end. */
  abort(reason: Error): void {
    const { open, cancel } = this.#options;
    this.#aborted ??= reason;
    this.#over ??= reason;
    // It ends without success all the same: that it ends late is all that a lost cancellation costs.
    if (this.#isBusy && open.backend !== undefined) void cancel(open.backend).catch(() => undefined);
  }

  /** From when it was asked to commit. */
  get isCommitting(): boolean {
    return this.#isCommitting;
  }

  /**
   * Writes the success. Answers false if the job is no longer this attempt's: nothing was changed then.
   * @throws JobTransactionError for a transaction that the handler has ended, or has let fail without noticing
   */
  async settle(result: string | undefined): Promise<boolean> {
    const { text, values } = this.#options.settle;
    this.#over ??= new JobTransactionError(OVER);
    await this.#latest;
    try {
      const { rows } = await this.#bounded(this.#run(text, [...values, result ?? null]));
      // The statement answers one row of this form.
      const [{ outcome }] = rows as [{ outcome: 'settled' | 'stale' | 'left' }];
      if (outcome === 'left') throw new JobTransactionError(LEFT);
      return outcome === 'settled';
    } catch (error) {
      if (property(Object(error), 'code') !== IN_FAILED_TRANSACTION) throw error;
      throw new JobTransactionError(FAILED_UNNOTICED, { cause: this.#failure });
    }
  }

  /** @throws CommitUnknownError if it may have been committed; anything else that is thrown means that it was not */
  async commit(): Promise<void> {
    this.#isCommitting = true;
    try {
      await this.#bounded(this.#options.open.commit());
    } catch (error) {
      this.#failure = error;
      throw isRefusal(error) ? error : new CommitUnknownError({ cause: error });
    } finally {
      this.#isCommitting = false;
    }
  }

  /** Never rejects: what cannot be rolled back is broken off. */
  async rollback(): Promise<void> {
    this.#over ??= new JobTransactionError(OVER);
    // A cancellation that is still on its way must not meet the connection's next user.
    if (this.#aborted !== undefined) return this.destroy();
    await this.#bounded(this.#latest.then(() => this.#options.open.rollback())).catch(() => this.destroy());
  }

  /** Breaks it off at once: nothing of it can be committed any more. */
  destroy(): void {
    this.#over ??= new JobTransactionError(OVER);
    this.#options.open.destroy();
  }

  /** One after the other, as the handler called them. One that nobody awaits must not end the process when it fails. */
  #query(text: string, values: readonly unknown[]): Promise<QueryResult<unknown>> {
    const over = this.#over;
    const answer = this.#latest.then(() => {
      if (over !== undefined) throw over;
      return this.#run(text, values);
    });
    this.#latest = answer.catch(() => undefined);
    return answer;
  }

  async #run(text: string, values: readonly unknown[]): Promise<QueryResult<unknown>> {
    if (this.#aborted !== undefined) throw this.#aborted;
    this.#isBusy = true;
    try {
      const result = await this.#options.open.query(text, values);
      // Whatever failed before, a savepoint has saved the transaction.
      this.#failure = undefined;
      return result;
    } catch (error) {
      this.#failure ??= error;
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  async #bounded<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const limit = setTimeout(() => this.destroy(), ANSWER_LIMIT_MS);
    try {
      return await answer;
    } finally {
      clearTimeout(limit);
    }
  }
}

const OVER =
  'The transaction of this attempt is over: ctx.tx takes no more queries. Await every query before the handler returns.';
const LEFT =
  'The handler has ended its own transaction, with a commit or a rollback in ctx.tx. Leave both to Firelock: return, or throw.';
const FAILED_UNNOTICED =
  'A query of ctx.tx failed and the handler went on, but Postgres had given the transaction up. ' +
  'Let the error pass, or run what may fail after a savepoint and roll back to it.';
