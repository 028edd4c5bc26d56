import { CamelCasePlugin, CompiledQuery, Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import { KyselyTransactions } from './kysely-transactions.js';
import { PoolTransactions } from './pool-transactions.js';
import { RenewablePool } from './renewable-pool.js';
import type { Tables } from './tables.js';
import type { Transactions } from './transactions.js';

/** What the application gives: exactly one of the three. */
export type ConnectionOptions =
  | { readonly connectionString: string; readonly pool?: undefined; readonly kysely?: undefined }
  | { readonly pool: pg.Pool; readonly connectionString?: undefined; readonly kysely?: undefined }
  // The application's own table types say nothing to us: any Kysely will do.
  | { readonly kysely: Kysely<never>; readonly connectionString?: undefined; readonly pool?: undefined };

/** How an installation reaches Postgres: its own pool, the application's pool, or the application's Kysely. */
export interface Connections {
  /** For plain reads and writes; without the application's plugins. */
  readonly kysely: Kysely<Tables>;
  query(query: {
    readonly text: string;
    readonly values: unknown[];
    /** Prepares the statement under this name. */
    readonly name?: string;
    /** After so many milliseconds without an answer the connection counts as dead. */
    readonly query_timeout?: number;
  }): Promise<unknown[]>;
  /**
   * Connections of a server's own, at most so many: what handlers hold of the application's pool, or a burst of calls,
   * must not keep a server from settling their jobs. The same connections where no others can be made.
   */
  dedicated(max: number): Connections;
  /** What a connection is made of, as plain data for another thread; undefined if it is not, or not known. */
  settings(): pg.ClientConfig | undefined;
  /** A new connection outside the pool, not yet connected; undefined where the settings to make one are not known. */
  client(): pg.Client | undefined;
  /** Transactions for jobs, at most `max` at once, on connections apart from those above where that is possible. */
  transactions(max: number): Transactions;
  close(): Promise<void>;
}

/** Opens what was asked for. `onError` hears of idle connections of Firelock's own pool that broke. */
export function connect(options: ConnectionOptions, onError: (error: Error) => void): Connections {
  if (options.connectionString !== undefined) return ownPool(options.connectionString, onError);
  return options.pool === undefined ? givenKysely(options.kysely) : givenPool(options.pool, onError);
}

/** A server gives up a peer that does not answer after this long: the next attempt may reach another. */
const SERVERS_CONNECT_LIMIT_MS = 3000;

// Column names become camel case; what is inside jsonb is the user's and stays as it is.
const camelCase = () => new CamelCasePlugin({ maintainNestedObjectKeys: true });

/** Firelock's own pool, closed with it. */
function ownPool(connectionString: string, onError: (error: Error) => void): Connections {
  return newPool(
    {
      connectionString,
      max: 10,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      application_name: 'firelock',
    },
    onError,
  );
}

/** A pool that is closed with what it was made for. */
function newPool(options: pg.PoolConfig, onError: (error: Error) => void): Connections {
  const pool = new RenewablePool(options, onError);
  const connections = overPool(pool, onError);
  return { ...connections, close: async () => void (await Promise.all([connections.close(), pool.end()])) };
}

/** The application's pool: used, never closed. */
function givenPool(pool: pg.Pool, onError: (error: Error) => void): Connections {
  return overPool(pool, onError);
}

/** What is opened beside the pool with its settings is closed. */
function overPool(pool: pg.Pool | RenewablePool, onError: (error: Error) => void): Connections {
  const pools: PoolTransactions[] = [];
  return {
    dedicated: (max) => newPool(poolOptions(pool, max), onError),
    settings: () => plain(pool.options),
    kysely: new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: guarded(pool) }),
      plugins: [camelCase()],
    }),
    query: async (query) => (await pool.query(query)).rows,
    // The options themselves, not a copy: the pool hides the password in them from enumeration.
    client: () => new pg.Client(pool.options),
    transactions: (max) => {
      const transactions = new PoolTransactions(poolOptions(pool, max), max, onError);
      pools.push(transactions);
      return transactions;
    },
    close: async () => void (await Promise.all(pools.map((each) => each.close()))),
  };
}

/**
 * The pool hears of idle connections that break. Of one that Kysely has taken its query tells, but the error is also an
 * event, and without a listener that would end the process.
 */
function guarded(pool: pg.Pool | RenewablePool): PostgresPool {
  return {
    connect: async () => {
      const client = await pool.connect();
      return client.listeners('error').includes(ignore) ? client : client.on('error', ignore);
    },
    end: () => pool.end(),
  };
}

const ignore = () => undefined;

/** The application's Kysely: used, never closed. It offers no connection of our own to listen on, so servers poll. */
function givenKysely(kysely: Kysely<never>): Connections {
  const connections: Connections = {
    dedicated: () => connections,
    settings: () => undefined,
    // The tables are ours, not those of the application's own type.
    kysely: (kysely as unknown as Kysely<Tables>).withoutPlugins().withPlugin(camelCase()),
    query: async ({ text, values }) =>
      (await kysely.withoutPlugins().executeQuery(CompiledQuery.raw(text, values))).rows,
    client: () => undefined,
    transactions: () => new KyselyTransactions(kysely),
    close: () => Promise.resolve(),
  };
  return connections;
}

/** The same settings for another pool. The password is hidden from enumeration, so it is named. */
function poolOptions(pool: { readonly options: pg.PoolConfig }, max: number): pg.PoolConfig {
  const { password } = pool.options;
  return {
    ...pool.options,
    ...(password === undefined ? {} : { password }),
    min: 0,
    max,
    keepAlive: true,
    connectionTimeoutMillis: SERVERS_CONNECT_LIMIT_MS,
  };
}

/** The part of a pool's options that describes a connection, if all of it is plain data. */
function plain(options: pg.PoolConfig): pg.ClientConfig | undefined {
  const {
    log: _log,
    Client: _Client,
    Promise: _Promise,
    ...settings
  } = { ...options, password: options.password } as Record<string, unknown>;
  try {
    return structuredClone(settings);
  } catch {
    return undefined;
  }
}
