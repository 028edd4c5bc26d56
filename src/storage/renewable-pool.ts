import pg from 'pg';
import { endOrCutOff, Sockets } from './cut-off.js';
import { isUnanswered } from './postgres-error.js';

/**
 * A pool of Firelock's own. When one connection turns out to be dead without a sign, the others most likely are too, and
 * each would cost its caller a time limit: all are let go of at once.
 */
export class RenewablePool {
  readonly #options: pg.PoolConfig;
  readonly #onError: (error: Error) => void;
  #sockets = new Sockets();
  #pool: pg.Pool;
  #ended = false;

  constructor(options: pg.PoolConfig, onError: (error: Error) => void) {
    this.#options = options;
    this.#onError = onError;
    this.#pool = this.#open();
  }

  get options(): pg.PoolConfig {
    return this.#options;
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

  /** Ends every connection, and cuts off those whose peer is gone. */
  end(): Promise<void> {
    this.#ended = true;
    return this.#letGo();
  }

  async #letGo(): Promise<void> {
    const sockets = this.#sockets;
    await endOrCutOff(this.#pool.end(), () => sockets.cutOff());
  }

  #renew(): void {
    // What was not answered by the end of it needs no other.
    if (this.#ended) return;
    // What still runs on the old one has a moment to end.
    void this.#letGo();
    this.#sockets = new Sockets();
    this.#pool = this.#open();
  }

  #open(): pg.Pool {
    const pool = new pg.Pool({ stream: this.#sockets.open, ...this.#options });
    // `end` resolves before the sockets have closed: what befalls them then is of no interest.
    return pool.on('error', (error) => pool.ending || this.#onError(error));
  }
}
