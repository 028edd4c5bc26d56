import pg from 'pg';
import { isUnanswered } from './postgres-error.js';

/**
 * A pool of Firelock's own. When one connection turns out to be dead without a sign, the others most likely are too, and
 * each would cost its caller a time limit: all are let go of at once.
 */
export class RenewablePool {
  readonly #options: pg.PoolConfig;
  readonly #onError: (error: Error) => void;
  #pool: pg.Pool;

  constructor(options: pg.PoolConfig, onError: (error: Error) => void) {
    this.#options = options;
    this.#onError = onError;
    this.#pool = this.#open();
  }

  get options(): pg.PoolOptions {
    return this.#pool.options;
  }

  connect(): Promise<pg.PoolClient> {
    return this.#pool.connect();
  }

  async query(query: pg.QueryConfig): Promise<pg.QueryResult> {
    const pool = this.#pool;
    try {
      return await pool.query(query);
    } catch (error) {
      if (isUnanswered(error) && pool === this.#pool) this.#renew();
      throw error;
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  #renew(): void {
    const old = this.#pool;
    this.#pool = this.#open();
    // What still runs on it may end; a peer that is gone is not waited for.
    void old.end();
  }

  #open(): pg.Pool {
    const pool = new pg.Pool(this.#options);
    // `end` resolves before the sockets have closed: what befalls them then is of no interest.
    return pool.on('error', (error) => pool.ending || this.#onError(error));
  }
}
