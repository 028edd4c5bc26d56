import { z } from 'zod';
import { executorOf } from '../adapters/transaction.js';
import type { Engine } from '../engine/engine.js';
import { checkJobId } from '../job/job-id.js';
import { checkOptions } from '../job/option-schema.js';
import { type State, states } from '../job/state.js';
import type { Transaction } from '../job/transaction.js';
import type { Act } from '../job/transition.js';
import type { Plan } from '../job/when.js';
import { type ActFacts, applyAct, cancellations, type MovedJob } from '../storage/apply-act.js';
import type { Database } from '../storage/database.js';
import { channelOf, notify } from '../storage/notification.js';
import type { Notifier } from '../storage/notifier.js';
import type { Executor } from '../storage/statement.js';

export interface ActOptions {
  /** Apply only while the job is in (one of) these states. Default: every state that the act applies to. */
  readonly from?: State | readonly State[];
  /** Who acts, for the history. */
  readonly by?: string;
  /** Why, for the history. */
  readonly reason?: string;
  /** Act inside this open transaction. */
  readonly tx?: Transaction;
}

const stateSchema = z.enum(states as [State, ...State[]]);

const optionsSchema = z
  .strictObject({
    from: z.union([stateSchema.transform((state) => [state]), z.array(stateSchema)]).optional(),
    by: z.string().max(200).optional(),
    reason: z.string().max(2000).optional(),
    tx: z.custom<Transaction>().optional(),
  })
  .prefault({});

export interface ActsParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly notifier: Notifier;
}

/** What people and programs do to existing jobs: retry, requeue, delete, reschedule. */
export class Acts {
  readonly #parts: ActsParts;

  constructor(parts: ActsParts) {
    this.#parts = parts;
  }

  /** Applies the act to each of the jobs that is in a state it applies to; answers the ids of those. */
  async apply(
    act: Act,
    ids: readonly string[],
    call: { readonly options?: ActOptions | undefined; readonly plan?: Plan },
  ): Promise<readonly string[]> {
    const { from, tx, ...said } = checkOptions(act.kind, optionsSchema, call.options);
    const applicable = act.from.filter((state) => from === undefined || from.includes(state));
    const facts = { ...said, ...call.plan, from: applicable, ids: ids.map(checkJobId) };
    const moved = await this.#apply(act, facts, tx);
    return moved.map(({ id }) => id);
  }

  async #apply(act: Act, facts: ActFacts, tx: Transaction | undefined): Promise<MovedJob[]> {
    const { database, engine } = this.#parts;
    if (tx !== undefined) return this.#applyIn(executorOf(tx, database.schema), act, facts);
    await database.ensureMigrated();
    if (act.to === 'deleted') return this.#delete(act, facts);
    return engine.place((executor) => applyAct(executor, act, facts));
  }

  async #delete(act: Act, facts: ActFacts): Promise<MovedJob[]> {
    const { database, notifier } = this.#parts;
    const moved = await applyAct(database, act, facts);
    for (const notification of cancellations(moved)) notifier.notify(notification);
    return moved;
  }

  /** In the application's transaction: servers hear of it when it commits. */
  async #applyIn(executor: Executor, act: Act, facts: ActFacts): Promise<MovedJob[]> {
    const { database, engine } = this.#parts;
    await database.ensureMigrated(executor);
    const moved = await applyAct(executor, act, facts);
    if (act.to !== 'deleted') await engine.announce(executor, moved);
    const notifications = cancellations(moved);
    if (notifications.length > 0) await notify(executor, channelOf(database.schema), notifications);
    return moved;
  }
}
