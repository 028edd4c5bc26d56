import { z } from 'zod';
import { checkJobId } from '../job/job-id.js';
import { checkOptions } from '../job/option-schema.js';
import { type State, states } from '../job/state.js';
import type { Transaction } from '../job/transaction.js';
import type { Act } from '../job/transition.js';
import type { Plan } from '../job/when.js';
import { applyAct, cancellations, type MovedJob } from '../storage/apply-act.js';
import { type RecordedAct, recordAct } from '../storage/audit-log.js';
import type { Acting } from './acting.js';
import { type Attribution, attributionFields } from './attribution.js';
import { jobRecord } from './job-record.js';

export interface ActOptions extends Attribution {
  /** Apply only while the job is in (one of) these states. Default: every state that the act applies to. */
  readonly from?: State | readonly State[];
  /** Act inside this open transaction. */
  readonly tx?: Transaction;
}

const stateSchema = z.enum(states as [State, ...State[]]);

export const actOptionsSchema = z
  .strictObject({
    from: z.union([stateSchema.transform((state) => [state]), z.array(stateSchema)]).optional(),
    ...attributionFields,
    tx: z.custom<Transaction>().optional(),
  })
  .prefault({});

export interface ActCall {
  readonly options?: ActOptions | undefined;
  readonly plan?: Plan;
  /** It is part of an act that is recorded as a whole, and no line of its own in the audit log. */
  readonly isPart?: boolean;
}

/** What people and programs do to the state of existing jobs: retry, requeue, delete, reschedule. */
export class Acts {
  readonly #acting: Acting;

  constructor(acting: Acting) {
    this.#acting = acting;
  }

  /** Applies the act to each of the jobs that is in a state it applies to; answers the ids of those. */
  async apply(
    act: Act,
    ids: readonly string[],
    { options, plan, isPart = false }: ActCall,
  ): Promise<readonly string[]> {
    const { from, tx, by, reason } = checkOptions(act.kind, actOptionsSchema, options);
    const applicable = act.from.filter((state) => from === undefined || from.includes(state));
    const facts = { by, reason, ...plan, from: applicable, ids: ids.map(checkJobId) };
    const isRecorded = by !== undefined && !isPart;
    return this.#acting.perform({ tx, inParts: isRecorded }, async (executor) => {
      const moved = await applyAct(executor, act, facts);
      if (isRecorded && moved.length > 0) await recordAct(executor, { by, reason, ...recordOf(act, moved) });
      return {
        result: moved.map(({ id }) => id),
        placed: act.to === 'deleted' ? [] : moved,
        notifications: cancellations(moved),
      };
    });
  }

  /** The same for one job; answers whether it applied. */
  async applyTo(id: string, act: Act, call: ActCall): Promise<boolean> {
    return (await this.apply(act, [id], call)).length === 1;
  }
}

function recordOf({ kind, to }: Act, moved: readonly MovedJob[]): Omit<RecordedAct, 'by' | 'reason'> {
  // Those that are rescheduled together are planned for one instant.
  const dueMs = moved[0]?.dueMs ?? null;
  const runAt = dueMs === null ? undefined : new Date(Math.round(dueMs));
  const before = moved.map(({ id, from }) => [id, { state: from }] as const);
  return { act: kind, ...jobRecord(before), after: { state: to, runAt } };
}
