import pg from 'pg';
import { isRefusal, type OpenTransaction, type Transactions } from './transactions.js';

/** To connect and to begin take this long each at most. Waiting for a free connection does not count. */
const ANSWER_LIMIT_MS = 10_000;

/** Transactions on a pool of their own, opened when first used: they must not take the connections that servers need. */
export class PoolTransactions implements Transactions {
  readonly #pool: pg.Pool;
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(settings: pg.PoolConfig, max: number, onError: (error: Error) => void) {
    this.#max = max;
    this.#pool = new pg.Pool({ ...settings, max, min: 0, connectionTimeoutMillis: ANSWER_LIMIT_MS });
    this.#pool.on('error', (error) => this.#pool.ending || onError(error));
    // The pool listens to idle clients only: of a taken one, a broken connection would end the process. Its queries tell.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async begin(settings: readonly string[]): Promise<OpenTransaction> {
    await this.#permission();
    let client: pg.PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      await this.#begin(client, settings);
      return this.#opened(client);
    } catch (error) {
      this.#giveBack(client, true);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** One round trip: `begin` and SET need no answer of each other. */
  async #begin(client: pg.PoolClient, settings: readonly string[]): Promise<void> {
    const limit = setTimeout(() => client.connection.stream.destroy(), ANSWER_LIMIT_MS);
    try {
      await client.query(['begin', ...settings].join('; '));
    } finally {
      clearTimeout(limit);
    }
  }

  #opened(client: pg.PoolClient): OpenTransaction {
    let isOver = false;
    const end = (isBroken: boolean) => {
      if (!isOver) this.#giveBack(client, isBroken);
      isOver = true;
    };
    const endWith = async (statement: 'commit' | 'rollback') => {
      try {
        await client.query(statement);
        end(false);
      } catch (error) {
        end(!isRefusal(error));
        throw error;
      }
    };
    return {
      backend: backendOf(client),
      query: async (text, values) => lastOf(await client.query(text, [...values])),
      commit: () => endWith('commit'),
      rollback: () => endWith('rollback'),
      destroy: () => end(true),
    };
  }

  /** The pool itself would refuse who waits long for a free connection; here only connecting may take too long. */
  async #permission(): Promise<void> {
    this.#taken += 1;
    if (this.#taken > this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(client: pg.PoolClient | undefined, isBroken: boolean): void {
    client?.release(isBroken);
    this.#taken -= 1;
    this.#waiting.shift()?.();
  }
}

/** pg has it; its types do not name it. */
function backendOf(client: pg.PoolClient): number | undefined {
  return (client as { readonly processID?: number }).processID;
}

/** Of several statements in one text, pg answers an array of results. */
function lastOf(result: pg.QueryResult): pg.QueryResult {
  return Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
}
