import { AttemptTransaction } from './attempt-transaction.js';
import { transactionName } from './application-name.js';
import type { Database } from './database.js';
import { type Statement, textInSchema } from './statement.js';
import type { Transactions } from './transactions.js';

/** Exactly one attempt, on exactly one server. */
export interface AttemptKey {
  readonly id: string;
  readonly attempt: number;
  readonly serverId: string;
}

/** Of one server. Postgres has 100 in all unless it is set up for more; the attempts beyond wait for their turn. */
const CONNECTION_LIMIT = 100;

/** Opens the transactions of transactional jobs. */
export class JobTransactions {
  readonly #database: Database;
  readonly #transactions: Transactions;

  /** `slots` is how many may be asked for at once. */
  constructor(database: Database, slots: number) {
    this.#database = database;
    this.#transactions = database.transactions(Math.min(slots, CONNECTION_LIMIT));
  }

  async begin({ id, attempt, serverId }: AttemptKey): Promise<AttemptTransaction> {
    const mark = `${id}:${attempt}`;
    const open = await this.#transactions.begin([
      `set local application_name = ${literal(transactionName(this.#database.schema, serverId))}`,
      `set local firelock_job.attempt = ${literal(mark)}`,
    ]);
    return new AttemptTransaction({
      open,
      settle: {
        text: textInSchema(settleStatement.text, this.#database.schema),
        values: [id, attempt, serverId, mark],
      },
      cancel: (backend) => this.#database.run(cancelStatement, [backend]),
    });
  }
}

/**
 * I5, I6: the success is written in the handler's own transaction, and only while the job is still in `processing` by this
 * server and attempt: effects and success are committed together, by one attempt alone. The mark tells that this is still
 * the transaction that was opened for it: a handler may have committed it by hand. From here to the commit a process that
 * is frozen holds the job's row: Postgres ends its transaction after 5 s.
 */
const settleStatement: Statement = {
  name: 'settle-in-transaction',
  text: `
    with settled as (
      update firelock.jobs
      set state = 'succeeded', result = $5::jsonb, last_error = null, finished_at = clock_timestamp()
      where id = $1
        and attempt = $2
        and server_id = $3
        and state = 'processing'
        and current_setting('firelock_job.attempt', true) = $4
      returning id
    )
    select
      case
        when current_setting('firelock_job.attempt', true) is distinct from $4 then 'left'
        when exists (select from settled) then 'settled'
        else 'stale'
      end as outcome,
      set_config('idle_in_transaction_session_timeout', '5000', true) as idle_limit`,
};

const cancelStatement: Statement = {
  name: 'cancel-backend',
  text: `select pg_cancel_backend($1)`,
};

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
