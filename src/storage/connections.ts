import { CamelCasePlugin, CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { KyselyTransactions } from './kysely-transactions.js';
import { PoolTransactions } from './pool-transactions.js';
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
    readonly name: string;
    readonly text: string;
    readonly values: unknown[];
  }): Promise<unknown[]>;
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

// Column names become camel case; what is inside jsonb is the user's and stays as it is.
const camelCase = () => new CamelCasePlugin({ maintainNestedObjectKeys: true });

/** Firelock's own pool, closed with it. */
function ownPool(connectionString: string, onError: (error: Error) => void): Connections {
  const pool = new pg.Pool({
    connectionString,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'firelock',
  });
  // `end` resolves before the sockets have closed: what befalls them then is of no interest.
  pool.on('error', (error) => pool.ending || onError(error));
  const connections = givenPool(pool, onError);
  return { ...connections, close: () => connections.close().then(() => pool.end()) };
}

/** The application's pool: used, never closed. */
function givenPool(pool: pg.Pool, onError: (error: Error) => void): Connections {
  const pools: PoolTransactions[] = [];
  return {
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [camelCase()] }),
    query: async (query) => (await pool.query(query)).rows,
    // The options themselves, not a copy: the pool hides the password in them from enumeration.
    client: () => new pg.Client(pool.options),
    transactions: (max) => {
      // A copy, for the sake of `max`: the password must be copied by name.
      const settings = { ...pool.options, password: pool.options.password };
      const transactions = new PoolTransactions(settings, max, onError);
      pools.push(transactions);
      return transactions;
    },
    close: async () => void (await Promise.all(pools.map((each) => each.close()))),
  };
}

/** The application's Kysely: used, never closed. It offers no connection of our own to listen on, so servers poll. */
function givenKysely(kysely: Kysely<never>): Connections {
  return {
    // The tables are ours, not those of the application's own type.
    kysely: (kysely as unknown as Kysely<Tables>).withoutPlugins().withPlugin(camelCase()),
    query: async ({ text, values }) =>
      (await kysely.withoutPlugins().executeQuery(CompiledQuery.raw(text, values))).rows,
    client: () => undefined,
    transactions: () => new KyselyTransactions(kysely),
    close: () => Promise.resolve(),
  };
}
