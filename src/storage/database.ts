import { CompiledQuery, type Kysely } from 'kysely';
import type { Connections } from './connections.js';
import { checkMigrated } from './migration-state.js';
import { type Executor, type Statement, textInSchema } from './statement.js';
import type { Tables } from './tables.js';

/** One Firelock installation: a schema in a Postgres database, and the connections to it. */
export class Database implements Executor {
  readonly schema: string;
  /** For plain reads and writes, in the installation's schema. */
  readonly kysely: Kysely<Tables>;
  readonly #connections: Connections;
  #migrated = false;
  readonly #texts = new Map<Statement, string>();

  constructor(connections: Connections, schema: string) {
    this.schema = schema;
    this.kysely = connections.kysely.withSchema(schema);
    this.#connections = connections;
  }

  async run<Row>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const name = `${this.schema}.${statement.name}`;
    const rows = await this.#connections.query({ name, text: this.#text(statement), values: [...values] });
    // The statement and its Row type stand side by side in one file of storage/.
    return rows as Row[];
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

  /** Runs `work` in a transaction on one connection; what it throws rolls back. */
  transaction<Result>(
    work: (tx: Executor & { readonly kysely: Kysely<Tables> }) => Promise<Result>,
  ): Promise<Result> {
    return this.kysely.transaction().execute((kysely) =>
      work({
        kysely,
        run: async <Row>(statement: Statement, values: readonly unknown[] = []) => {
          const { rows } = await kysely.executeQuery(CompiledQuery.raw(this.#text(statement), [...values]));
          return rows as Row[];
        },
      }),
    );
  }

  /** A new connection outside the pool, for listening; undefined if the installation was given only a Kysely. */
  client(): ReturnType<Connections['client']> {
    return this.#connections.client();
  }

  /** Transactions for jobs: see Connections. */
  transactions(max: number): ReturnType<Connections['transactions']> {
    return this.#connections.transactions(max);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  #text(statement: Statement): string {
    const known = this.#texts.get(statement);
    if (known !== undefined) return known;
    const text = textInSchema(statement.text, this.schema);
    this.#texts.set(statement, text);
    return text;
  }
}
