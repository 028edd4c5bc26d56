import { executorOf } from '../adapters/transaction.js';
import type { Engine } from '../engine/engine.js';
import type { Transaction } from '../job/transaction.js';
import type { Database } from '../storage/database.js';
import { channelOf, type Notification, notify } from '../storage/notification.js';
import type { Notifier } from '../storage/notifier.js';
import type { PlacedJob } from '../storage/placed-job.js';
import type { Executor } from '../storage/statement.js';

/** What an act has done, and what servers must hear of it. */
export interface Acted<Result> {
  readonly result: Result;
  /** Jobs that it has put where a server, or a promoter, must hear of them. */
  readonly placed: readonly PlacedJob[];
  readonly notifications?: readonly Notification[];
}

/** Where an act is carried out. */
export interface Place {
  /** The application's open transaction. */
  readonly tx: Transaction | undefined;
  /** Whether it is several statements, which need a transaction of their own where there is none. */
  readonly inParts: boolean;
}

export interface ActingParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly notifier: Notifier;
}

/** Carries out acts on jobs, in the application's transaction or outside of one, and lets servers hear of them once they are committed. */
export class Acting {
  readonly #parts: ActingParts;

  constructor(parts: ActingParts) {
    this.#parts = parts;
  }

  async perform<Result>(
    { tx, inParts }: Place,
    work: (executor: Executor) => Promise<Acted<Result>>,
  ): Promise<Result> {
    const { database } = this.#parts;
    if (tx !== undefined) return this.#performIn(executorOf(tx, database.schema), work);
    await database.ensureMigrated();
    return this.#performOutside(() => (inParts ? database.transaction(work) : work(database)));
  }

  async #performOutside<Result>(work: () => Promise<Acted<Result>>): Promise<Result> {
    const { engine, notifier } = this.#parts;
    const acts: Acted<Result>[] = [];
    await engine.place(async () => {
      const acted = await work();
      acts.push(acted);
      return [...acted.placed];
    });
    // One: `place` runs its work once, or has thrown.
    const [{ result, notifications = [] }] = acts as [Acted<Result>];
    for (const notification of notifications) notifier.notify(notification);
    return result;
  }

  /** Servers hear of it when the application's transaction commits. */
  async #performIn<Result>(
    executor: Executor,
    work: (executor: Executor) => Promise<Acted<Result>>,
  ): Promise<Result> {
    const { database, engine } = this.#parts;
    await database.ensureMigrated(executor);
    const { result, placed, notifications = [] } = await work(executor);
    await engine.announce(executor, placed);
    if (notifications.length > 0) await notify(executor, channelOf(database.schema), notifications);
    return result;
  }
}
