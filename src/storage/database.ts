import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Connections } from './connections.js';
import { checkMigrated } from './migration-state.js';
import { Patience } from './patience.js';
import { isAnswer, isPreparedElsewhere, isRepeatable, isUnanswered } from './postgres-error.js';
import { Reachability, type ReachabilityListener } from './reachability.js';
import { type Executor, type Statement, textInSchema } from './statement.js';
import type { Tables } from './tables.js';

/** The application waits for its calls; a server has others to serve, and knows what to do about a lost answer. */
const APPLICATIONS_PATIENCE = { firstMs: 30_000, lastMs: 30_000 };
const SERVERS_PATIENCE = { firstMs: 3000, lastMs: 60_000 };
const REPEATS = 4;
const FIRST_PAUSE_MS = 10;

interface Manner {
  readonly patience?: ConstructorParameters<typeof Patience>[0];
  readonly reachability?: ReachabilityListener;
}

/** An open transaction on a connection of the installation's. */
export interface DatabaseTransaction extends Executor {
  readonly kysely: Kysely<Tables>;
}

/** One Firelock installation: a schema in a Postgres database, and the connections to it. */
export class Database implements Executor {
  readonly schema: string;
  /** For plain reads and writes, in the installation's schema. */
  readonly kysely: Kysely<Tables>;
  readonly #connections: Connections;
  readonly #patience: Patience;
  readonly #reachability: Reachability | undefined;
  readonly #texts = new Map<Statement, string>();
  #migrated = false;
  #prepares = true;

  constructor(connections: Connections, schema: string, manner: Manner = {}) {
    this.schema = schema;
    this.kysely = connections.kysely.withSchema(schema);
    this.#connections = connections;
    this.#patience = new Patience(manner.patience ?? APPLICATIONS_PATIENCE);
    this.#reachability =
      manner.reachability === undefined ? undefined : new Reachability(manner.reachability);
  }

  /** The same installation over connections of the servers' own, at most so many. */
  forServers(max: number, reachability: ReachabilityListener): Database {
    const manner = { patience: SERVERS_PATIENCE, reachability };
    return new Database(this.#connections.dedicated(max), this.schema, manner);
  }

  /** Runs a statement; one that Postgres rolled back because of others is repeated. */
  run<Row>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    // The statement and its Row type stand side by side in one file of storage/.
    return this.#repeated(async () => (await this.#ask(statement, values)) as Row[]);
  }

  /**
   * Sees to it, once per process, that this release fits the schema. On the connection at hand: another one might wait for
   * ever for a pool that the caller has emptied.
   * @throws MigrationRequiredError, NewerSchemaError
   */
  async ensureMigrated(executor: Executor = this): Promise<void> {
    if (this.#migrated) return;
    await checkMigrated(executor, this.schema);
    this.#migrated = true;
  }

  /**
   * Runs `work` in a transaction on one connection; what it throws rolls back. It is run again if Postgres rolled it back
   * because of others, so it must have no other effects.
   */
  transaction<Result>(work: (tx: DatabaseTransaction) => Promise<Result>): Promise<Result> {
    return this.#repeated(() =>
      this.kysely.transaction().execute((kysely) =>
        work({
          kysely,
          run: async <Row>(statement: Statement, values: readonly unknown[] = []) => {
            const { rows } = await kysely.executeQuery(CompiledQuery.raw(this.text(statement), [...values]));
            return rows as Row[];
          },
        }),
      ),
    );
  }

  /** A new connection outside the pool, for listening; undefined if the installation was given only a Kysely. */
  client(): ReturnType<Connections['client']> {
    return this.#connections.client();
  }

  /** What a connection is made of, as plain data; undefined where that is not known. */
  settings(): ReturnType<Connections['settings']> {
    return this.#connections.settings();
  }

  /** Transactions for jobs: see Connections. */
  transactions(max: number): ReturnType<Connections['transactions']> {
    return this.#connections.transactions(max);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #ask(statement: Statement, values: readonly unknown[]): Promise<unknown[]> {
    const { name } = statement;
    const call = {
      text: this.text(statement),
      values: [...values],
      query_timeout: this.#patience.limitMs(name),
    };
    try {
      const rows = await this.#connections.query(
        this.#prepares ? { ...call, name: `${this.schema}.${name}` } : call,
      );
      this.#patience.answered(name);
      this.#reachability?.answered();
      return rows;
    } catch (error) {
      if (isUnanswered(error)) this.#patience.ranOut(name);
      if (!isAnswer(error)) this.#reachability?.failed(error);
      throw error;
    }
  }

  async #repeated<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await work();
      } catch (error) {
        if (!this.#mayRepeat(error, repeats)) throw error;
        await sleep(Math.random() * 2 ** repeats * FIRST_PAUSE_MS);
      }
    }
  }

  #mayRepeat(error: unknown, repeats: number): boolean {
    if (repeats >= REPEATS) return false;
    if (!isPreparedElsewhere(error)) return isRepeatable(error);
    this.#prepares = false;
    return true;
  }

  /** The statement's text, in the installation's schema. */
  text(statement: Statement): string {
    const known = this.#texts.get(statement);
    if (known !== undefined) return known;
    const text = textInSchema(statement.text, this.schema);
    this.#texts.set(statement, text);
    return text;
  }
}
