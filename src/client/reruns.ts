import { z } from 'zod';
import { checkJobId } from '../job/job-id.js';
import { checkOptions } from '../job/option-schema.js';
import { serialiseArgs } from '../job/serialisation.js';
import type { Transaction } from '../job/transaction.js';
import { recordAct } from '../storage/audit-log.js';
import { copyJob } from '../storage/copy-job.js';
import type { Acting } from './acting.js';
import { type Attribution, attributionFields } from './attribution.js';

export interface RunAgainOptions extends Attribution {
  /** Instead of the model's own. Checked by the handler's schema when the job runs. */
  readonly args?: unknown;
  /** Enqueue inside this open transaction. */
  readonly tx?: Transaction;
}

const optionsSchema = z
  .strictObject({
    ...attributionFields,
    args: z.unknown().optional(),
    tx: z.custom<Transaction>().optional(),
  })
  .prefault({});

/** New jobs after the model of earlier ones. */
export class Reruns {
  readonly #acting: Acting;

  constructor(acting: Acting) {
    this.#acting = acting;
  }

  /** Undefined if there is no such job. */
  async runAgain(id: string, options?: RunAgainOptions): Promise<string | undefined> {
    const { args, tx, by, reason } = checkOptions('runAgain', optionsSchema, options);
    const modelId = checkJobId(id);
    const text = args === undefined ? undefined : serialiseArgs(args);
    return this.#acting.perform({ tx, inParts: by !== undefined }, async (executor) => {
      const copied = await copyJob(executor, modelId, text);
      if (copied === undefined) return { result: undefined, placed: [] };
      // Not its args: they are kept no longer than their job.
      const after = { jobId: copied.id };
      await recordAct(executor, { by, act: 'run again', subject: 'job', target: modelId, reason, after });
      return { result: copied.id, placed: [copied] };
    });
  }
}
