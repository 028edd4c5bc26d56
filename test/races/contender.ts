import type pg from 'pg';
import type { Executor, Statement } from '../../src/storage/statement.js';
import { eventually } from '../eventually.js';
import { connect } from '../firelock.js';

/** One connection that runs the storage's statements; inside a transaction it holds their locks until the end. */
export class Contender implements Executor {
  readonly #client: pg.Client;
  readonly #pid: number;

  private constructor(client: pg.Client, pid: number) {
    this.#client = client;
    this.#pid = pid;
  }

  static async connect(url: string): Promise<Contender> {
    const client = await connect(url);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return new Contender(client, rows[0]?.pid ?? Number.NaN);
  }

  async run<Row>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    // As in storage/: the statement and its Row type stand side by side.
    return (await this.#client.query(statement.text, [...values])).rows as Row[];
  }

  async begin(): Promise<void> {
    await this.#client.query('begin');
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    await this.#client.query(how);
  }

  /** Holds the row's lock from now on. */
  async hold(jobId: string): Promise<void> {
    await this.begin();
    await this.#client.query('select from firelock.jobs where id = $1 for update', [jobId]);
  }

  /** Whether Postgres says that it waits for a lock of the other. */
  async waitsFor(other: Contender, witness: pg.Client): Promise<boolean> {
    const { rowCount } = await witness.query(
      `select from pg_stat_activity
       where pid = $1 and wait_event_type = 'Lock' and $2 = any(pg_blocking_pids(pid))`,
      [this.#pid, other.#pid],
    );
    return rowCount === 1;
  }
}

type Act<Answer> = (executor: Executor) => Promise<Answer>;

/** How a race ended: the answers of both, and whether the second had to wait for the first. */
interface Outcome<First, Second> {
  readonly first: First;
  readonly second: Second;
  readonly waited: boolean;
}

/**
 * Two connections meet: the first has done its work and holds its locks in an open transaction when the second starts.
 * The first ends once Postgres says that the second waits for it, or once the second has passed it by.
 */
export async function race<First, Second>(
  url: string,
  [firstAct, secondAct]: readonly [Act<First>, Act<Second>],
  firstEnds: 'commit' | 'rollback' = 'commit',
): Promise<Outcome<First, Second>> {
  const [holder, challenger, witness] = await Promise.all([
    Contender.connect(url),
    Contender.connect(url),
    connect(url),
  ]);
  await holder.begin();
  const first = await firstAct(holder);
  let passed = false;
  const challenge = secondAct(challenger).finally(() => (passed = true));
  // It is awaited below, after the first has ended.
  challenge.catch(() => undefined);
  const meeting = eventually('the second waits for the first, or has passed it by', async () =>
    passed ? 'passed' : (await challenger.waitsFor(holder, witness)) && 'waits',
  );
  const waited = (await meeting) === 'waits';
  await holder.end(firstEnds);
  return { first, second: await challenge, waited };
}
